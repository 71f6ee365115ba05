package wrapper

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
)

func TestSourceKeepsWhatItRead(t *testing.T) {
	t.Parallel()
	for name, size := range map[string]int{"empty": 0, "small": 10, "at the limit": maxSourceInMemory, "on disk": maxSourceInMemory + 1, "large": 3 << 20} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := bytes.Repeat([]byte("x"), size)
			s, err := NewSource("/home/me/a.png", iotest.HalfReader(bytes.NewReader(want)))
			if err != nil {
				t.Fatal(err)
			}
			f := s.File()
			if f.Filename() != "a.png" || f.FileSize() != int64(size) {
				t.Errorf("%q of %d bytes, want a.png of %d", f.Filename(), f.FileSize(), size)
			}
			for range 2 {
				if got, err := f.Bytes(); err != nil || !bytes.Equal(got, want) {
					t.Errorf("%d bytes, %v", len(got), err)
				}
			}
			if err := errors.Join(s.Close(), s.Close()); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestSourceTellsWhatFailed(t *testing.T) {
	t.Parallel()
	failed := errors.New("the pipe broke")
	_, err := NewSource("a", io.MultiReader(strings.NewReader(strings.Repeat("x", 1<<20)), iotest.ErrReader(failed)))
	if !errors.Is(err, failed) || strings.Contains(err.Error(), "\n") {
		t.Errorf("%v, want %v", err, failed)
	}
	if _, err := NewSource("a", nil); err == nil {
		t.Error("a nil reader is taken")
	}
}

// Not in parallel: it sets the environment.
func TestSourceLeavesNothingBehind(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	t.Setenv("TMP", dir)
	left := func() []string {
		files, _ := filepath.Glob(filepath.Join(dir, "*"))
		return files
	}
	s, err := NewSource("a", strings.NewReader(strings.Repeat("x", 1<<20)))
	if err != nil {
		t.Fatal(err)
	}
	if len(left()) != 1 {
		t.Fatalf("%q, want one file", left())
	}
	if err := s.Close(); err != nil || len(left()) != 0 {
		t.Errorf("%q left, %v", left(), err)
	}
	if _, err := NewSource("a", io.MultiReader(strings.NewReader(strings.Repeat("x", 1<<20)), iotest.ErrReader(io.ErrClosedPipe))); err == nil || len(left()) != 0 {
		t.Errorf("%q left after %v", left(), err)
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if _, err := NewSource("a", strings.NewReader(strings.Repeat("x", 1<<20))); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no folder for temporary files: %v", err)
	}
}
