package codegen

import (
	"bytes"
	"context"
	"path/filepath"
	"testing"
)

// sentBy generates a client for the contract in a folder of testdata, and runs the
// tests there in its module.
func sentBy(t *testing.T, name string) {
	t.Helper()
	dir := moduleCopy(t)
	adopt(t, dir, readFile(t, "testdata", name, Contract))
	writeFile(t, readFile(t, "testdata", name, "sent_test.go"), dir, name, "sent_test.go")
	for _, args := range [][]string{{"vet", "./..."}, {"test", "-count=1", "-ldflags=-w", "./" + name}} {
		var out bytes.Buffer
		if err := Stream(context.Background(), &out, dir, []string{"GOFLAGS=-mod=readonly"}, "go", args...); err != nil {
			t.Errorf("go %s: %v\n%s", args[0], err, out.Bytes())
		}
	}
}

// What the caller of a generated client does not set is not sent, and zeros that are
// set are.
func TestWhatIsNotSetIsNotSent(t *testing.T) {
	t.Parallel()
	needGenerator(t)
	sentBy(t, filepath.Base("unset"))
}
