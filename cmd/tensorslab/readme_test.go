package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// shown matches the lines of the README with commands that a reader would type; word
// matches their words, a quoted prompt as one.
var (
	shown = regexp.MustCompile(`(?m)^tensorslab (images .*?)(?:\s+#.*)?$`)
	word  = regexp.MustCompile(`"([^"]*)"|(\S+)`)
)

// Each command in the README succeeds, in the order of the README.
func TestReadmeCommandsRun(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	lines := shown.FindAllStringSubmatch(string(readme), -1)
	if len(lines) < 5 {
		t.Fatalf("found %d commands", len(lines))
	}
	fake := fakeapi.Start(t, fakeapi.WithKey(clitest.Key), fakeapi.WithStrict(), fakeapi.WithTaskLife(fakeapi.TaskLife{}),
		fakeapi.WithTasks("abcd_1234567890abcdef", "task_000001", "task_000002"))
	t.Chdir(t.TempDir())
	clitest.WriteFile(t, "fox.png", "\x89PNG\r\n\x1a\n")
	clitest.WriteFile(t, "prompts.csv", "key,prompt\nfox,a fox\nsea,the sea\n")
	clitest.WriteFile(t, "ids.txt", "task_000001\ntask_000002\n")
	for _, line := range lines {
		var args []string
		for _, w := range word.FindAllStringSubmatch(line[1], -1) {
			args = append(args, w[1]+w[2])
		}
		env := map[string]string{"TENSORSLAB_API_KEY": clitest.Key, "TENSORSLAB_BASE_URL": fake.URL}
		if strings.Contains(line[1], "--demo") {
			env = nil
		}
		if got := (clitest.Session{T: t, Root: newRoot, Env: env}).Run(args...); got.Status != cli.OK {
			t.Errorf("%s: exit status %d, %s%s", line[0], got.Status, got.Out, got.Err)
		}
		if strings.Contains(line[1], "--demo --out") {
			if err := os.RemoveAll("pictures"); err != nil { // the fakes have the same ids
				t.Fatal(err)
			}
		}
	}
}
