package codegen

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// replaceable is a folder with generated files and others, and what is to become
// of it: something changes, something is new, something goes.
func replaceable(t *testing.T) (root string, output, others Files) {
	t.Helper()
	root = t.TempDir()
	for name, text := range map[string]string{
		"generated/a.go": "old a", "generated/gone.go": "old gone", "generated/same.go": "same",
		Contract: "old contract", "wrapper/client.go": "mine",
	} {
		writeFile(t, text, root, filepath.FromSlash(name))
	}
	output = Files{"generated/a.go": []byte("new a"), "generated/b.go": []byte("new b"), "generated/same.go": []byte("same")}
	others = Files{Contract: []byte("new contract"), "testdata/c.json": []byte("new c")}
	return root, output, others
}

func TestReplace(t *testing.T) {
	t.Parallel()
	root, output, others := replaceable(t)
	removed, err := Replace(root, output, others)
	if err != nil || !slices.Equal(removed, []string{"generated/gone.go"}) {
		t.Fatalf("removed %q, %v", removed, err)
	}
	want := maps.Clone(output)
	maps.Copy(want, others)
	want["wrapper/client.go"] = []byte("mine")
	other := t.TempDir()
	if err := writeAll(other, want); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(relative(t, other), relative(t, root)); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

func TestReplaceRefusesNames(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"generated/other.go", "generated", "../openapi.json", "/etc/x", "a/../openapi.json", "a//b", ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root, output, _ := replaceable(t)
			before := snapshot(t, root)
			_, err := Replace(root, output, Files{name: nil})
			oneLine(t, err)
			unchanged(t, root, before)
		})
	}
}

// A link is not replaced by a file, and what it leads to is not written.
func TestReplaceRefusesLinks(t *testing.T) {
	t.Parallel()
	root, output, others := replaceable(t)
	remove(t, root, Contract)
	if err := os.Symlink(filepath.Join("wrapper", "client.go"), filepath.Join(root, Contract)); err != nil {
		t.Skip(err)
	}
	before := relative(t, root)
	_, err := Replace(root, output, others)
	oneLine(t, err)
	if !strings.Contains(err.Error(), Contract+" is not a regular file") {
		t.Errorf("%v; want an error with the name", err)
	}
	after := relative(t, root)
	delete(after, "testdata") // a folder, made for what was new
	if d := cmp.Diff(before, after); d != "" {
		t.Errorf("-before +after:\n%s", d)
	}
}

// Wherever it fails, all that was done is undone.
func TestCommitIsUndone(t *testing.T) {
	t.Parallel()
	stop := errors.New("the disk is gone")
	const renames = 4 // of what changes or is new
	for fails := range renames {
		root, output, others := replaceable(t)
		have, want := Files{}, maps.Clone(output)
		maps.Copy(want, others)
		if err := readExisting(root, want, have); err != nil {
			t.Fatal(err)
		}
		before := relative(t, root)
		done := 0
		err := commit(root, have, want, []string{"generated/gone.go"}, func(from, to string) error {
			if done++; done > fails {
				return stop
			}
			return os.Rename(from, to)
		})
		if !errors.Is(err, stop) {
			t.Fatalf("%v; want %v", err, stop)
		}
		after := relative(t, root)
		delete(after, "testdata") // a folder, made for what was new
		if d := cmp.Diff(before, after); d != "" {
			t.Errorf("after %d renames (-before +after):\n%s", fails, d)
		}
	}
}

// A file that cannot be removed, here because it is not there, is the last thing
// that can fail.
func TestCommitIsUndoneAfterRemoval(t *testing.T) {
	t.Parallel()
	root, output, _ := replaceable(t)
	have := Files{"generated/gone.go": []byte("old gone")}
	if err := readExisting(root, output, have); err != nil {
		t.Fatal(err)
	}
	before := snapshot(t, root)
	err := commit(root, have, output, []string{"generated/gone.go", "generated/never.go"}, os.Rename)
	if err == nil || !strings.Contains(err.Error(), "never.go") {
		t.Errorf("%v; want an error with the name", err)
	}
	unchanged(t, root, before)
}

func TestUndoNamesWhatItCannotDo(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	err := undo(root, Files{"none/a": []byte("a")}, []string{"none/a", "b"})
	oneLine(t, err)
	if !strings.Contains(err.Error(), "none") || !strings.Contains(err.Error(), filepath.Join(root, "b")) {
		t.Errorf("%v does not name both", err)
	}
}

// Where even that fails, it is said.
func TestCommitThatCannotBeUndone(t *testing.T) {
	t.Parallel()
	root, output, _ := replaceable(t)
	stop := errors.New("the disk is gone")
	err := commit(root, Files{}, output, nil, func(from, to string) error {
		if filepath.Base(to) == "a.go" {
			return os.Remove(from) // as if it were renamed, but a.go is not there
		}
		return errors.Join(stop, os.Remove(filepath.Join(root, "generated", "a.go")))
	})
	if !errors.Is(err, stop) || !errors.Is(err, ErrNotUndone) || !strings.Contains(err.Error(), "a.go") {
		t.Errorf("%v; want %v and %v", err, stop, ErrNotUndone)
	}
}
