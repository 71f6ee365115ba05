package images

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
)

// A source that changes, or goes away, after it was checked is not sent as what was confirmed: the
// next run would take it for another request, and pay for it again.
func TestManySourcesThatChange(t *testing.T) {
	t.Parallel()
	const png = "\x89PNG\r\n\x1a\n"
	for name, tt := range map[string]struct {
		columns, row string
		change       func(path string) error
		want         string
		next         int // submissions after the next run
	}{
		"changed":         {"prompt,sources", "a fox,%", func(p string) error { return os.WriteFile(p, []byte(png+"other"), 0o600) }, "line 4: its sources have changed since they were checked", 3},
		"changed by name": {"prompt,sources,key", "a fox,%,fox", func(p string) error { return os.WriteFile(p, []byte(png+"other"), 0o600) }, "line 4: its sources have changed since they were checked", 3},
		"gone":            {"prompt,sources", "a fox,%", os.Remove, "line 4: cannot read a source: ", 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStudio(t, "")
			source := clitest.WriteFile(t, filepath.Join(s.dir, "fox.png"), png+"first")
			empty := strings.Repeat(",", strings.Count(tt.columns, ","))
			text := tt.columns + "\na cat" + empty + "\na dog" + empty + "\n" + strings.Replace(tt.row, "%", source, 1) + "\n"
			s.file = clitest.WriteFile(t, filepath.Join(s.dir, "p.csv"), text)
			changed := false
			s.Stdout = clitest.WriterFunc(func(p []byte) (int, error) {
				if !changed && strings.Contains(string(p), ": submitt") { // of the first row
					changed = true
					if err := tt.change(source); err != nil {
						t.Error(err)
					}
				}
				return len(p), nil
			})
			got := s.run("--parallel", "1")
			s.want(got, cli.Failed, 2, 2)
			s.wantLine(got.Err, "stopped: "+s.file+": ")
			s.wantLine(got.Err, tt.want)
			s.wantLine(got.Err, "1 of 3 prompts not done; run the same command again to go on: nothing is paid for twice")
			s.Stdout = nil
			s.run("--parallel", "1")
			s.run("--parallel", "1")
			if n := s.submissions(); n != tt.next {
				t.Errorf("%d submissions, want %d", n, tt.next)
			}
		})
	}
}
