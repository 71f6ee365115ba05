package images

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// What people try first is refused with what to do instead, and nothing is sent.
func TestFirstTries(t *testing.T) {
	t.Parallel()
	s := newStudio(t, "a fox\n")
	csv := func(text string) string { return clitest.WriteFile(t, filepath.Join(t.TempDir(), "p.csv"), text) }
	for name, tt := range map[string]struct {
		args []string
		want string
	}{
		"a file as the prompt": {[]string{"generate", s.file}, `is a file; use --file ` + s.file + `, or - < ` + s.file + `; nothing was sent`},
		"several words":        {[]string{"generate", "a", "fox"}, "tensorslab: images generate takes one PROMPT, but got 2 arguments"},
		"models":               {[]string{"models"}, `"tensorslab images generate --help" lists the models`},
		"watch":                {[]string{"info", "--watch", "id"}, "tensorslab images wait waits for tasks"},
		"curl's output":        {[]string{"download", "-O", "x.png", "id"}, "--out DIR says where images go"},
		"limit":                {[]string{"list", "--limit", "5"}, "it lists all tasks, the oldest first"},
		"all":                  {[]string{"list", "--all"}, "it lists all tasks"},
		"created":              {[]string{"resolve", "key", "--created"}, "resolve KEY TASKID"},
		"resolve nothing":      {[]string{"resolve"}, "tensorslab: images resolve takes a KEY and a TASKID"},
		"column name":          {[]string{"generate", "--file", csv("name,prompt\na,b\n")}, "did you mean key?"},
		"column batch":         {[]string{"generate", "--file", csv("prompt,batch\na,2\n")}, "did you mean count?"},
		"no header":            {[]string{"generate", "--file", csv("a fox,2\na bear,3\n")}, "the first line must name the columns, such as prompt"},
		"a device":             {[]string{"generate", "a fox", "--journal", os.DevNull}, "it is not a regular file"},
	} {
		t.Run(name, func(t *testing.T) {
			got := s.Run(append([]string{"images"}, tt.args...)...)
			if clitest.WantStatus(t, got, cli.Usage); !strings.Contains(got.Err, tt.want) || strings.Count(got.Err, "\n") != 1 {
				t.Errorf("stderr %q", got.Err)
			}
		})
	}
	if n := len(s.fake.Requests()); n != 0 {
		t.Errorf("%d requests", n)
	}
}

// Whoever repeats a prompt that is in doubt is told so; another prompt is none of it.
func TestSamePromptInDoubt(t *testing.T) {
	t.Parallel()
	s := newStudio(t, "")
	long := strings.Repeat("a fox\n", 100)
	for _, prompt := range []string{"a fox", long} {
		s.fake.FailNext(1, fakeapi.DropAnswer())
		clitest.WantStatus(t, s.Run("images", "generate", prompt), cli.Unknown)
		got := s.Run("images", "generate", prompt)
		clitest.WantStatus(t, got, cli.OK)
		s.wantLine(got.Err, "tensorslab: the same prompt is in doubt since 2")
		s.wantLine(got.Err, " and may have been paid for; see tensorslab images list --in-doubt\n")
	}
	clitest.WantText(t, "stderr of another prompt", s.Run("images", "generate", "a bear").Err, "")
	clitest.WantText(t, "stderr of another model", s.Run("images", "generate", "a fox", "--model", "zimage").Err, "")
}
