package batch

import (
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestPathsThatAreNoJournal(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	readOnly := filepath.Join(dir, "ro")
	write(t, readOnly, good)
	if err := os.Chmod(readOnly, 0o400); err != nil {
		t.Fatal(err)
	}
	paths := []string{"", dir, filepath.Join(dir, "none", "j"), filepath.Join(readOnly, "j")}
	if os.Getuid() > 0 {
		paths = append(paths, readOnly)
	}
	for _, path := range paths {
		if j, err := OpenJournal(path); !errors.Is(err, ErrJournal) || j != nil {
			t.Errorf("%q: %v", path, err)
		}
	}
	// A file with blank lines and line breaks of Windows is a journal all the same.
	path := filepath.Join(dir, "edited")
	write(t, path, "\n"+strings.ReplaceAll(good, "\n", "\r\n")+"\r\n  \n")
	if all, _ := list(t, journalAt(t, path)); len(all) != 1 || all[0].TaskID != "t1" {
		t.Errorf("%v", all)
	}
}

func TestOneProcessHasTheJournal(t *testing.T) {
	t.Parallel()
	j := newJournal(t)
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(j.path, link); err != nil {
		t.Skip(err)
	}
	for _, path := range []string{j.path, link} {
		_, err := OpenJournal(path)
		if !errors.Is(err, ErrLocked) || !strings.Contains(err.Error(), fmt.Sprintf("process %d on host ", os.Getpid())) {
			t.Errorf("%s: %v", path, err)
		}
	}
	_ = reopen(t, j) // and then it is free
	if err := j.Close(); !errors.Is(err, os.ErrClosed) {
		t.Errorf("closed twice: %v", err)
	}
	if err := j.Put(t.Context(), Entry{Key: "a"}); !errors.Is(err, os.ErrClosed) {
		t.Errorf("put after close: %v", err)
	}
}

// A journal that is closed does not say that it has no jobs.
func TestAClosedJournalKnowsNothing(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "j")
	write(t, path, good)
	for name, open := range map[string]func(string) (*FileJournal, error){"owned": OpenJournal, "shared": OpenSharedJournal, "read": ReadJournal} {
		t.Run(name, func(t *testing.T) {
			j, err := open(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := j.Close(); err != nil {
				t.Fatal(err)
			}
			_, _, err = j.Get(t.Context(), "a")
			for _, entries := range []iter.Seq2[Entry, error]{j.All(t.Context()), j.Unfinished(t.Context())} {
				for _, listed := range entries {
					err = errors.Join(err, listed)
				}
			}
			if n := strings.Count(fmt.Sprint(err), os.ErrClosed.Error()); n != 3 {
				t.Errorf("%d of 3: %v", n, err)
			}
		})
	}
}
