package prompts

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	_ "github.com/tensorslab/tensorslab-go/internal/testkit/frozen" // the contract that the tests stand on
)

// read returns the rows and the errors of a file, an error as its text.
func read(text string, format Format) (rows []Row, errs []string) {
	for row, err := range Read(strings.NewReader(text), format) {
		if err != nil {
			errs = append(errs, err.Error())
			continue
		}
		rows = append(rows, row)
	}
	return rows, errs
}

func ref[T any](v T) *T { return &v }

func TestRead(t *testing.T) {
	t.Parallel()
	full := Row{2, "k", "zimage", "a fox, \"red\"", "16:9", "https://example.com/a.png", ref(2), ref(-7), ref(true), []string{"a.png", "b c.png"}}
	fromJSON := full
	fromJSON.Line = 1
	for name, tt := range map[string]struct {
		text   string
		format Format
		want   []Row
	}{
		"text":                          {"\ufeffa fox\r\n\n  # a comment\n\t the sea \r\nlast", Text, []Row{{Line: 1, Prompt: "a fox"}, {Line: 4, Prompt: "the sea"}, {Line: 5, Prompt: "last"}}},
		"text of one column of a table": {"prompt\na fox", Text, []Row{{Line: 1, Prompt: "prompt"}, {Line: 2, Prompt: "a fox"}}},
		"csv": {"key,prompt,model,resolution,image_url,count,seed,extend_prompt,sources\n" +
			"k,\"a fox, \"\"red\"\"\",zimage,16:9,https://example.com/a.png,2,-7,TRUE,a.png; b c.png;\n", CSV, []Row{full}},
		"csv in other spellings": {"\ufeffPrompt,imageUrl,Extend Prompt\r\n\"two\nlines\",,\r\na fox,u,0\r\n", CSV,
			[]Row{{Line: 2, Prompt: "two\nlines"}, {Line: 4, Prompt: "a fox", ImageURL: "u", ExtendPrompt: ref(false)}}},
		"jsonl": {`{"key":"k","prompt":"a fox, \"red\"","model":"zimage","resolution":"16:9","image_url":"https://example.com/a.png","count":2,"seed":-7,"extend_prompt":true,"sources":["a.png","b c.png"]}`,
			JSONL, []Row{fromJSON}},
		"jsonl in other spellings": {"\n {\"Prompt\":\"a\\nb\",\"imageUrl\":null,\"extendPrompt\":false,\"sources\":\"a;b.png\"} \r\n", JSONL,
			[]Row{{Line: 2, Prompt: "a\nb", ExtendPrompt: ref(false), Sources: []string{"a;b.png"}}}},
		"nothing": {"", JSONL, nil}, "no text": {"\n \n#\n", Text, nil}, "a heading alone": {"prompt\n", CSV, nil},
	} {
		rows, errs := read(tt.text, tt.format)
		if d := cmp.Diff(tt.want, rows); d != "" || errs != nil {
			t.Errorf("%s: %q -want +got:\n%s", name, errs, d)
		}
	}
}

// Each bad line is named, and those after it are read.
func TestBadLines(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct {
		format Format
		line   int
		reason string
	}{
		"ok\n@prompt.txt\nok":            {Text, 2, "begins with @"},
		"ok\na \xff\nok":                 {Text, 2, "not UTF-8"},
		"ok\na \x00\nok":                 {Text, 2, "control character"},
		"ok\n{\"prompt\":\"a\"}\nok":     {Text, 2, "--format jsonl"},
		"prompt,resolution\nok\nok":      {Text, 1, "--format csv"},
		"Key;Image URL;prompt\nok\nok":   {Text, 1, "--format csv"},
		"prompt\nok\n\" \"\nok":          {CSV, 3, "the prompt is blank"},
		"prompt\nok\na,b\nok":            {CSV, 3, "it has 2 fields, and the heading has 1"},
		"prompt,count\nok,\na,two\nok,1": {CSV, 3, "count \"two\" is not a whole number"},
		"prompt,count\nok,\na," + strings.Repeat("sk-1", 11) + "\nok,1": {CSV, 3, "count is not a whole number"}, // of a key a part would be shown
		"prompt,count\nok,\na,0\nok,1":                                  {CSV, 3, "count is not above 0"},
		"prompt,seed\nok,\na,1.5\nok,1":                                 {CSV, 3, "seed \"1.5\" is not a whole number"},
		"prompt,extend_prompt\nok,\na,maybe\nok,1":                      {CSV, 3, "extend_prompt \"maybe\" is neither true nor false"},
		"prompt\nok\n@a\nok":                                            {CSV, 3, "begins with @"},
		"ok\none fox\rtwo foxes\r\nok":                                  {Text, 2, "carriage return without a line feed"},
		"ok\nlost \ufffd\nok":                                           {Text, 2, "U+FFFD"},
		"prompt\nok\none\rtwo\nok":                                      {CSV, 3, "prompt: it has a carriage return"},
		"key,prompt\n1,ok\n\"a\rb\",two\n3,ok":                          {CSV, 3, "key: it has a carriage return"},
		"prompt\nok\na\xff\nok":                                         {CSV, 3, "prompt is not UTF-8"},
	} {
		wantBadLine(t, text, want.format, want.line, want.reason)
	}
	for object, reason := range map[string]string{
		`nonsense`: "not a JSON object", `"a"`: "not a JSON object", `[{"prompt":"a"}]`: "not a JSON object", `{"prompt":"a"`: "it ends in the middle of a JSON object", `{"prompt":"a",}`: "not JSON",
		`{"prompt":"a"} {}`: "something after the JSON object", `{"prompt":"a"},`: "something after the JSON object", `{"prompt":"a","Prompt":"b"}`: "there twice",
		`{"prompt":"a","size":"2K"}`: `there is no field "size"; the fields are key, prompt, model`, `{}`: "the prompt is blank", `{"prompt":7}`: "prompt has a value of another type",
		`{"prompt":"a","count":"2"}`: "count has a value of another type", `{"prompt":"a","count":1.5}`: "count \"1.5\" is not a whole number",
		`{"prompt":"a","count":99999999999999999999}`: "count \"99999999999999999999\" is too large a number", `{"prompt":"a","extend_prompt":"1"}`: "extend_prompt has a value",
		`{"prompt":"a","sources":[1]}`: "sources is not an array of names", `{"prompt":["a"]}`: "prompt is an array", `{"prompt":"@a"}`: "begins with @",
		`{"prompt":"a \ud83e fox"}`: "U+FFFD", `{"prompt":"a","key":"\udc00"}`: "U+FFFD", `{"prompt":"a","sources":["b","a\ud83e.png"]}`: "U+FFFD",
		`{"prompt":"a"}` + "\r" + `{"prompt":"b"}`: "carriage return", `{"prompt":{"a":1}}`: "another type", `{"prompt":"a\u0007"}`: "control character", `{"prompt":"a","count":-1}`: "count is not above 0",
	} {
		wantBadLine(t, `{"prompt":"ok"}`+"\n"+object+"\n"+`{"prompt":"ok"}`, JSONL, 2, reason)
	}
}

func wantBadLine(t *testing.T, text string, format Format, line int, reason string) {
	t.Helper()
	rows, errs := read(text, format)
	if len(rows) != 2 || len(errs) != 1 || !strings.HasPrefix(errs[0], fmt.Sprintf("line %d: ", line)) || !strings.Contains(errs[0], reason) {
		t.Errorf("%q: %v, %q, want %d: %s", text, rows, errs, line, reason)
	}
}

// What ends the reading.
func TestFilesThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct {
		format Format
		reason string
	}{
		"\xff\xfea\x00":                               {Text, "UTF-16"},
		"\xfe\xff\x00a":                               {JSONL, "UTF-16"},
		"a\n" + strings.Repeat("x", MaxLine+9):        {Text, "line 2 is longer than 1 MiB"},
		"\n{" + strings.Repeat("x", MaxLine+9):        {JSONL, "line 2 is longer than 1 MiB"},
		"size\n1":                                     {CSV, `line 1: there is no field "size"`},
		"prompt;count\na;1":                           {CSV, "separate columns with commas"},
		"key,model\na,b":                              {CSV, `no column "prompt"`},
		"prompt,Prompt\na,b":                          {CSV, `the column "prompt" is there twice`},
		"prompt\n\"a":                                 {CSV, "a quotation mark is not closed, or one inside the quotes is not doubled (the record begins in line 2)"},
		"prompt\na \"fox\"\n":                         {CSV, "line 2: a quotation mark is in a field without quotes"},
		"prompt\n\"" + strings.Repeat("a\n", MaxLine): {CSV, "a quotation mark may not be closed"},
	} {
		rows, errs := read(text, want.format)
		if len(errs) != 1 || !strings.Contains(errs[0], want.reason) || len(rows) > 1 {
			t.Errorf("%.40q: %d rows, %q", text, len(rows), errs)
		}
	}
	for _, format := range []Format{Text, CSV, JSONL} {
		broken := io.MultiReader(strings.NewReader("prompt\n"), iotest.ErrReader(io.ErrUnexpectedEOF))
		var last error
		for _, err := range Read(broken, format) {
			last = err
		}
		if !errors.Is(last, io.ErrUnexpectedEOF) {
			t.Errorf("%s: %v", format, last)
		}
	}
}

func TestFormatOf(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, beginning string
		want            Format
	}{
		{"a.txt", "{", Text}, {"a", "a fox", Text}, {"a.csv", "", CSV}, {"a.CSV", "", CSV}, {"a.jsonl", "", JSONL}, {"a.ndjson", "", JSONL},
		{"", ` {"prompt"`, JSONL}, {"", "\ufeff\n{", JSONL}, {"", "a fox", Text}, {"", "", Text},
	} {
		if got := FormatOf(tt.name, []byte(tt.beginning)); got != tt.want {
			t.Errorf("%+v: %s", tt, got)
		}
	}
}

func TestColumnsAreThoseOfTheHelp(t *testing.T) {
	t.Parallel()
	for _, name := range Columns {
		if _, ok := columns[columnName(name)]; !ok {
			t.Error(name)
		}
	}
	if len(Columns) != len(columns) {
		t.Errorf("%d, %d", len(Columns), len(columns))
	}
}

// A million lines take no more memory than a few.
func TestManyLines(t *testing.T) {
	var before, after runtime.MemStats
	for format, line := range map[Format]string{Text: "a fox\n", CSV: "prompt\n", JSONL: `{"prompt":"a fox"}` + "\n"} {
		in := io.LimitReader(&repeated{line: line}, int64(50_000*len(line)))
		runtime.GC()
		runtime.ReadMemStats(&before)
		n := 0
		for _, err := range Read(in, format) {
			if err != nil {
				t.Fatal(err)
			}
			n++
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		if n < 49_999 || after.HeapAlloc > before.HeapAlloc+4<<20 {
			t.Errorf("%s: %d rows, %d bytes", format, n, after.HeapAlloc-before.HeapAlloc)
		}
	}
}

// repeated is a line without end.
type repeated struct {
	line string
	at   int
}

func (r *repeated) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = r.line[(r.at+i)%len(r.line)]
	}
	r.at += len(p)
	return len(p), nil
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{"a\nb", "prompt,count\na,1", `{"prompt":"a"}`, "\ufeff", "\"", "{", "\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, format := range []Format{Text, CSV, JSONL} {
			rows, _ := read(text, format)
			if slices.ContainsFunc(rows, func(r Row) bool { return strings.TrimSpace(r.Prompt) == "" || r.Line < 1 || r.Prompt[0] == '@' }) {
				t.Errorf("%s: %+v", format, rows)
			}
		}
	})
}
