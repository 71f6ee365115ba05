//go:build !windows

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
)

// program returns the path of a program of another language. Where it is missing, the test
// is skipped, or fails if CLIENT_TESTS=required.
func program(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil && os.Getenv("CLIENT_TESTS") == "required" {
		t.Fatalf("CLIENT_TESTS=required, and %s is not installed", name)
	} else if err != nil {
		t.Skipf("%s is not installed", name)
	}
	return path
}

// The programs in the documents that test a client in another language, with that
// language's own HTTP, pass as they are shown.
func TestDocumentsShowProgramsOfOtherLanguages(t *testing.T) {
	t.Parallel()
	blocks := regexp.MustCompile("(?ms)^```(python|js)\n(.*?)^```").FindAllStringSubmatch(
		clitest.ReadFile(t, filepath.Join("..", "..", "docs", "testing.md")), -1)
	if len(blocks) != 2 {
		t.Errorf("found %d programs", len(blocks))
	}
	for _, match := range blocks {
		t.Run(match[1], func(t *testing.T) {
			t.Parallel()
			runner, passed := "python3", "\nOK\n"
			if match[1] == "js" {
				runner, passed = "node", "# pass 1\n"
			}
			cmd := exec.CommandContext(within(t), program(t, runner), clitest.WriteFile(t, filepath.Join(t.TempDir(), "test."+match[1]), match[2]))
			cmd.Env = append(os.Environ(), "NO_COLOR=1")
			out, err := cmd.CombinedOutput()
			if err != nil || !strings.Contains(string(out), passed) {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}
