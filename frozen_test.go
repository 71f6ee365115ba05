package tensorslab_test

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// onCurrent is where tests use the client or the fake with the contract as it is published
// now: programs of users, and contracts that may follow.
const onCurrent = "internal/dev/"

// Tests that use the client or the fake stand on a contract that does not change, or
// else they would refuse the next one for what they happen to send.
func TestTestsStandOnTheFrozenContract(t *testing.T) {
	t.Parallel()
	found := 0
	for line := range strings.Lines(testPackages(t, ".") + testPackages(t, "cmd/tensorslab") + testPackages(t, "durable")) {
		words := strings.Fields(line)
		room, isTest := strings.CutSuffix(relative(words[0]), ".test")
		if !isTest || strings.HasPrefix(room, onCurrent) {
			continue
		}
		uses := slices.ContainsFunc(words, func(path string) bool { return path == module+"/wrapper" || path == module+"/fakeapi" })
		frozen := slices.ContainsFunc(words, func(path string) bool { return strings.HasPrefix(path, module+"/internal/testkit/frozen") })
		if uses && !frozen {
			t.Errorf("the tests of %s use the wrapper or the fake, and do not import %s/internal/testkit/frozen", room, module)
		}
		if uses {
			found++
		}
	}
	if found < 4 {
		t.Errorf("found %d packages whose tests use the wrapper or the fake", found)
	}
}

// testPackages lists the packages below a folder, and the packages of their tests, each
// with what it depends on, directly or not.
func testPackages(t *testing.T, folder string) string {
	t.Helper()
	return listed(t, folder, "-test", "-f", `{{.ImportPath}}{{range .Deps}} {{.}}{{end}}`)
}

// listed returns what go list prints of the packages below a folder, which may be of another
// module in the workspace. There are none where a published copy of the module has no such folder.
func listed(t *testing.T, folder string, args ...string) string {
	t.Helper()
	if _, err := os.Stat(folder); errors.Is(err, fs.ErrNotExist) {
		return ""
	}
	work, err := filepath.Abs("go.work")
	if err != nil {
		t.Fatal(err)
	}
	list := exec.Command("go", slices.Concat([]string{"list"}, args, []string{"./..."})...)
	list.Dir, list.Stderr = folder, os.Stderr
	if folder != "." {
		list.Env = append(list.Environ(), "GOWORK="+work)
	}
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}
