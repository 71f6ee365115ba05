package idlist

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

func TestLoad(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		in      string
		want    []string
		repeats int
	}{
		"empty":                    {in: ""},
		"one":                      {in: "a\n", want: []string{"a"}},
		"no newline at the end":    {in: "a\nb", want: []string{"a", "b"}},
		"CRLF":                     {in: "a\r\nb\r\n", want: []string{"a", "b"}},
		"byte order mark":          {in: "\ufeffa\nb\n", want: []string{"a", "b"}},
		"mark before a comment":    {in: "\ufeff# note\na\n", want: []string{"a"}},
		"blank lines and comments": {in: "\n# note\n  \t\n  # note\na\n\n", want: []string{"a"}},
		"white space around":       {in: "  a\t\n", want: []string{"a"}},
		"repeats, first kept":      {in: "b\na\nb\nb\n", want: []string{"b", "a"}, repeats: 2},
		"# inside an id":           {in: "a#1\n", want: []string{"a#1"}},
		"not ASCII":                {in: "tâche-1\n任务\n", want: []string{"tâche-1", "任务"}},
		"case matters":             {in: "A\na\n", want: []string{"A", "a"}},
		"longest":                  {in: strings.Repeat("x", MaxLine) + "\r\n", want: []string{strings.Repeat("x", MaxLine)}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := New()
			if err := l.Load(strings.NewReader(tt.in), "ids.txt"); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, l.IDs()); diff != "" {
				t.Errorf("ids (-want +got):\n%s", diff)
			}
			if l.Repeats() != tt.repeats || l.Len() != len(tt.want) {
				t.Errorf("Repeats() = %d, Len() = %d; want %d, %d", l.Repeats(), l.Len(), tt.repeats, len(tt.want))
			}
		})
	}
}

func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ in, want string }{
		"space inside":          {"a\nb c\n", "ids.txt:2: the id contains white space; write one id per line"},
		"tab inside":            {"b\tc\n", "ids.txt:1: the id contains white space; write one id per line"},
		"no-break space":        {"b\u00a0c\n", "ids.txt:1: the id contains white space; write one id per line"},
		"old Mac line ends":     {"a\rb\r", "ids.txt:1: the id contains white space; write one id per line"},
		"invalid UTF-8":         {"# note\n\nb\xff\n", "ids.txt is not a list of ids: line 3 is not valid UTF-8"},
		"an image":              {"\x89PNG\r\n\x1a\n" + strings.Repeat("\x00", 10), "ids.txt is not a list of ids: line 1 is not valid UTF-8"},
		"an image, a long line": {"\xff\xd8" + strings.Repeat("\x00", MaxLine), "ids.txt is not a list of ids: line 1 is not valid UTF-8"},
		"UTF-16":                {"\xff\xfea\x00\n\x00", "ids.txt is not a list of ids: line 1 is not valid UTF-8"},
		"NUL":                   {"a\x00b\n", "ids.txt:1: the id contains a character that is not printable"},
		"escape":                {"a\x1b[2J\n", "ids.txt:1: the id contains a character that is not printable"},
		"mark in the middle":    {"a\n\ufeffb\n", "ids.txt:2: the id contains a character that is not printable"},
		"one byte too long":     {strings.Repeat("x", MaxLine+1) + "\n", "ids.txt:1: the line is longer than 4096 bytes"},
		"longer than a buffer":  {"a\n" + strings.Repeat("x", 1<<20) + "\nb", "ids.txt:2: the line is longer than 4096 bytes"},
		"a long comment":        {"#" + strings.Repeat("x", 1<<20), "ids.txt:1: the line is longer than 4096 bytes"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := New().Load(strings.NewReader(tt.in), "ids.txt")
			if err == nil || err.Error() != tt.want {
				t.Errorf("error %q, want %q", err, tt.want)
			}
		})
	}
}

func TestLoadReadError(t *testing.T) {
	t.Parallel()
	broken := errors.New("disk fell out")
	err := New().Load(io.MultiReader(strings.NewReader("a\nb\n"), iotest.ErrReader(broken)), "ids.txt")
	if !errors.Is(err, broken) || !strings.HasPrefix(err.Error(), "ids.txt: after line 2: ") {
		t.Errorf("error %q", err)
	}
}

func TestAdd(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{
		"":                               "the id is blank",
		" ":                              "the id is blank",
		"secret value":                   "the id contains white space; write one id per line",
		" a":                             "the id contains white space; write one id per line",
		"a\n":                            "the id contains white space; write one id per line",
		"#a":                             "the id begins with #, which marks a comment",
		"\xc3":                           "the id is not valid UTF-8",
		strings.Repeat("x", MaxLine+1):   "the id is longer than 4096 bytes",
		"abcd_1234567890abcdef":          "",
		"-rf":                            "",
		strings.Repeat("x", MaxLine):     "",
		"https://example.com/?a=b&c=%20": "the line is a URL and not an id",
		`{"id":"a"}`:                     "the line is JSON, which is taken only as one object with an id per line",
		"a,b":                            "the line is one of a table; write one id per line",
		"YWJj=":                          "",
		"a==":                            "",
	} {
		l := New()
		got := ""
		if err := l.Add(id); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("Add(%.20q): %q, want %q", id, got, want)
		}
		if wantLen := map[bool]int{true: 1}[want == ""]; l.Len() != wantLen {
			t.Errorf("Add(%.20q): %d ids in the list, want %d", id, l.Len(), wantLen)
		}
	}
}

func TestPlace(t *testing.T) {
	t.Parallel()
	l := New()
	for _, id := range []string{"b", "a", "b"} {
		if err := l.Add(id); err != nil {
			t.Fatal(err)
		}
	}
	if i, ok := l.Place("a"); i != 1 || !ok {
		t.Errorf(`Place("a") = %d, %v`, i, ok)
	}
	if _, ok := l.Place("c"); ok {
		t.Error(`Place("c") found what is not there`)
	}
}

// Every id that the list accepts can be written out and read back unchanged, which
// --remaining relies on.
func FuzzRoundTrip(f *testing.F) {
	for _, seed := range []string{"a", "#a", " a", "a b", "\ufeffa", "a\r", "\x80", "é", "\u2028"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, id string) {
		l := New()
		if l.Add(id) != nil {
			return
		}
		back := New()
		if err := back.Load(strings.NewReader(id+"\n"), "list"); err != nil {
			t.Fatalf("%q passes Add, and its line does not: %v", id, err)
		}
		if diff := cmp.Diff(l.IDs(), back.IDs()); diff != "" {
			t.Errorf("%q changed on the way:\n%s", id, diff)
		}
	})
}

// What the service has named is an id, even if it looks like something else in a file.
func TestAddKnown(t *testing.T) {
	t.Parallel()
	l := New()
	for i, id := range []string{"a", "fox.png", "id", "two words", "a"} {
		if got := l.AddKnown(id); got != i%4 {
			t.Errorf("%q is at %d", id, got)
		}
	}
	if l.Len() != 4 || l.Repeats() != 1 || l.IDs()[1] != "fox.png" {
		t.Errorf("%q, %d repeats", l.IDs(), l.Repeats())
	}
}
