package vendored

import (
	"bytes"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	tensorslab "github.com/tensorslab/tensorslab-go"
)

func TestImagesIsTheContractOfThisModule(t *testing.T) {
	t.Parallel()
	if !bytes.Equal(Images.Spec(), tensorslab.Spec()) {
		t.Error("Images is not the contract of package tensorslab")
	}
}

// Neither the caller's document nor what Spec returns is shared.
func TestReplace(t *testing.T) {
	t.Parallel()
	s := &Source{func() []byte { return []byte("old") }}
	document := []byte("new")
	s.Replace(document)
	clear(document)
	clear(s.Spec())
	if got := string(s.Spec()); got != "new" {
		t.Errorf("got %q", got)
	}
}

var replaces = regexp.MustCompile(`vendored\.\w+\.Replace\(`)

// Nothing that a user links puts another document in place of the vendored one.
func TestOnlyTheFrozenContractReplaces(t *testing.T) {
	t.Parallel()
	var found []string
	root := os.DirFS("../..")
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return err
		}
		text, err := fs.ReadFile(root, name)
		if replaces.Match(text) {
			found = append(found, name)
		}
		return err
	})
	if want := []string{"internal/testkit/frozen/frozen.go"}; err != nil || !slices.Equal(found, want) {
		t.Errorf("%q, %v; want %q", found, err, want)
	}
}
