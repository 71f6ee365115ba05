package images

import (
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
)

// The addresses of a demo are dead when the command has ended, so that only programs, which
// practise reading them, get them.
func TestDemoShowsNoAddress(t *testing.T) {
	t.Parallel()
	for name, args := range map[string][]string{
		"info":     {"info", "a"},
		"wait":     {"wait", "a"},
		"generate": {"generate", "a fox", "--wait"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run := func(more ...string) string {
				got := clitest.Session{T: t, Root: newRoot}.Run(append(append([]string{"images"}, args...), more...)...)
				clitest.WantStatus(t, got, cli.OK)
				return got.Out
			}
			if out := run("--demo"); !strings.Contains(out, ": completed, 64 by 64 pixels\n") || strings.Contains(out, "http://") {
				t.Errorf("text %s", out)
			}
			if out := run("--demo", "-o", "json"); !strings.Contains(out, `"url":["http://127.0.0.1:`) {
				t.Errorf("JSON %s", out)
			}
		})
	}
}
