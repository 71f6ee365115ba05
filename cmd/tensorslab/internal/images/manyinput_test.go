package images

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
)

// Everything that can be wrong in a file is found before the first prompt is paid for.
func TestManyRefusesBadInput(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 1<<20+9)
	for name, tt := range map[string]struct {
		ext, content string
		args         []string
		want         []string
	}{
		"empty":                {".txt", "", nil, []string{"prompts.txt has no prompts; nothing was sent"}},
		"comments":             {".txt", "# a\n\n", nil, []string{"has no prompts"}},
		"a file as prompt":     {".txt", "ok\n@fox.txt\n", nil, []string{"prompts.txt: line 2: ", "@"}},
		"JSON in text":         {".txt", "ok\n{\"prompt\":\"a\"}\n", nil, []string{"line 2", "--format jsonl"}},
		"a table in text":      {".txt", "key,prompt\na,b\n", nil, []string{"line 1", "--format csv"}},
		"several":              {".csv", "prompt,count\na,99\n,1\nb,x\nok,1\n", nil, []string{"line 2: count is not between 1 and 15", "line 3: the prompt is blank", "line 4: count \"x\" is not a whole number"}},
		"very many":            {".csv", "prompt,count\n" + strings.Repeat("a,0\n", 100), nil, []string{"line 2: ", "line 6: ", "and 95 bad lines more"}},
		"two with one key":     {".csv", "key,prompt\na,x\nb,y\na,z\n", nil, []string{"line 4: an earlier line has the same key"}},
		"a key too long":       {".csv", "key,prompt\n" + strings.Repeat("k", 600) + ",x\n", nil, []string{"line 2: ", "the key is longer than 512 bytes"}},
		"no such field":        {".jsonl", `{"prompt":"a","size":"2K"}`, nil, []string{"line 1: there is no field \"size\""}},
		"the key as key":       {".csv", "key,prompt\n" + clitest.Key + ",a\n", nil, []string{"line 2: the API key is in the key, the model"}},
		"no such model":        {".jsonl", `{"prompt":"a","model":"x"}`, nil, []string{"line 1: ", "there is no model \"x\""}},
		"not for the model":    {".jsonl", `{"prompt":"a","seed":1}`, nil, []string{"line 1: seed is not supported: seedreamv45 has no seed"}},
		"a resolution":         {".csv", "prompt,resolution\na,2K\nb,9K\n", nil, []string{"line 3: resolution is none of"}},
		"neither yes nor no":   {".csv", "prompt,extend_prompt\na,perhaps\n", nil, []string{"line 2: extend_prompt \"perhaps\" is neither true nor false"}},
		"no such source":       {".csv", "prompt,sources\na,none.png\n", nil, []string{"line 2: cannot read a source: ", "none.png"}},
		"source is text":       {".jsonl", `{"prompt":"a","sources":["SELF"]}`, nil, []string{"line 1: sources "}},
		"an image URL":         {".csv", "prompt,image_url\na,ftp://a\n", nil, []string{"line 2: image_url is not an absolute"}},
		"one name for two":     {".csv", "key,prompt,count\na,x,1\nb,x,2\n", []string{"--name", "{key}{ext}"}, []string{"line 3: ", "it has no {n}"}},
		"names differ in case": {".csv", "key,prompt\na,x\nA,y\n", nil, []string{"line 3: ", "the file name"}},
		"a template":           {".txt", "a\n", []string{"--name", "{prompt}"}, []string{"--name: "}},
		"out of the folder":    {".txt", "a\n", []string{"--name", "../{key}"}, []string{"--name: "}},
		"a long line":          {".txt", "a\n" + long, nil, []string{"line 2 is longer than 1 MiB"}},
		"UTF-16":               {".txt", "\xff\xfea\x00", nil, []string{"UTF-16"}},
		"not text":             {".txt", "\x89PNG\r\n\x1a\n\x00\x00", nil, []string{"line 1: "}},
		"format":               {".txt", "a", []string{"--format", "xml"}, []string{"--format must be one of"}},
		"parallel":             {".txt", "a", []string{"--parallel", "0"}, []string{"--parallel must be between"}},
		"max-tasks":            {".txt", "a", []string{"--max-tasks", "0"}, []string{"--max-tasks must be above 0"}},
		"force":                {".txt", "a", []string{"--force"}, []string{"--force does not apply to --file"}},
		"both":                 {".txt", "a", []string{"a fox"}, []string{"use a PROMPT or --file, not both"}},
		"quiet JSON":           {".txt", "a", []string{"-q", "-o", "json"}, []string{"use --quiet or --output json, not both"}},
		"two journals":         {".txt", "a", []string{"--no-journal"}, []string{"use --journal or --no-journal, not both"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStudio(t, "")
			s.file = filepath.Join(s.dir, "prompts"+tt.ext)
			clitest.WriteFile(t, s.file, strings.ReplaceAll(tt.content, "SELF", filepath.ToSlash(s.file)))
			got := s.run(tt.args...)
			s.want(got, cli.Usage, 0, 0)
			for _, part := range tt.want {
				s.wantLine(got.Err, part)
			}
			if strings.Count(got.Err, "\n") != 1 || got.Out != "" {
				t.Errorf("stdout %q, stderr %q", got.Out, got.Err)
			}
		})
	}
}

// Journals and folders that cannot be used: nothing is paid for, and nothing is changed.
func TestManyRefusesBadPlaces(t *testing.T) {
	t.Parallel()
	const fox = `{"v":1,"time":"2026-01-02T03:04:05.678Z","key":"fox","state":"saved","task":"t1","request":"other","prompt":"a wolf"}` + "\n"
	for name, tt := range map[string]struct {
		journal string
		prepare func(t *testing.T, s *studio)
		want    string
	}{
		"another version":  {`{"v":2,"key":"b"}` + "\n", nil, "line 1 is of version 2"},
		"nonsense":         {fox + "nonsense\n", nil, "line 2 is not a JSON object"},
		"another run":      {fox, nil, "line 2: job \"fox\": the journal has another request under this key: use another key, or another journal"},
		"a folder":         {"", func(_ *testing.T, s *studio) { s.journal = s.dir }, "it is a directory"},
		"no folder":        {"", func(_ *testing.T, s *studio) { s.journal = filepath.Join(s.dir, "none", "j") }, "cannot open the journal"},
		"out is a file":    {"", func(t *testing.T, s *studio) { clitest.WriteFile(t, s.out, "x") }, "cannot write to --out"},
		"no such file":     {"", func(_ *testing.T, s *studio) { s.file = filepath.Join(s.dir, "none") }, "cannot read the prompts"},
		"a folder as file": {"", func(_ *testing.T, s *studio) { s.file = s.dir }, "is a directory; nothing was sent"},
		"a file of that name": {"", func(t *testing.T, s *studio) {
			if err := os.Mkdir(s.out, 0o700); err != nil {
				t.Fatal(err)
			}
			clitest.WriteFile(t, filepath.Join(s.out, "fox-1.png"), "mine")
		}, "line 2: "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStudio(t, "")
			s.file = clitest.WriteFile(t, filepath.Join(s.dir, "p.csv"), "key,prompt\nfox,a fox\n")
			clitest.WriteFile(t, s.journal, tt.journal)
			if tt.prepare != nil {
				tt.prepare(t, s)
			}
			got := s.run()
			clitest.WantStatus(t, got, cli.Usage)
			s.wantLine(got.Err, tt.want)
			if len(s.fake.Requests()) > 0 || !strings.HasSuffix(got.Err, "nothing was sent\n") {
				t.Errorf("%d requests, stderr %q", len(s.fake.Requests()), got.Err)
			}
			if s.journal == filepath.Join(s.dir, "j.jsonl") {
				clitest.WantText(t, "journal", clitest.ReadFile(t, s.journal), tt.journal)
			}
		})
	}
}
