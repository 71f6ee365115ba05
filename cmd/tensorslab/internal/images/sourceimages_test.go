package images

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
)

func TestOpenSources(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", t.TempDir()) // where copies of large files go
	large := clitest.WriteFile(t, filepath.Join(dir, "large.png"), strings.Repeat("x", 2<<20))
	small := clitest.WriteFile(t, filepath.Join(dir, "small.png"), "y")
	files, closeAll, err := openSources(t.Context(), new(cli.ExitHook), nil, []string{large, small, small})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{large, small, small} {
		got, err := files[i].Bytes()
		if err != nil || files[i].Filename() != filepath.Base(want) || !bytes.Equal(got, []byte(clitest.ReadFile(t, want))) {
			t.Errorf("%s: %d bytes, %v", files[i].Filename(), len(got), err)
		}
	}
	closeAll()
	if names := clitest.NamesIn(t, os.Getenv("TMPDIR")); names != "" {
		t.Errorf("left %s", names)
	}
}

func TestOpenSourcesRefuses(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", t.TempDir())
	large := clitest.WriteFile(t, filepath.Join(dir, "large.png"), strings.Repeat("x", 2<<20))
	for name, want := range map[string]string{
		filepath.Join(dir, "none.png"): "cannot read --source: open ",
		dir:                            "cannot read --source: ",
		clitest.WriteFile(t, filepath.Join(dir, "empty.png"), ""): "empty.png is empty; nothing was sent",
		"":         "cannot read --source: ",
		os.DevNull: " is empty; nothing was sent",
	} {
		_, _, err := openSources(t.Context(), new(cli.ExitHook), nil, []string{large, name})
		if cli.StatusOf(err) != cli.Usage || !strings.Contains(err.Error(), want) || !strings.HasSuffix(err.Error(), "; nothing was sent") {
			t.Errorf("%q: %v", name, err)
		}
	}
	if names := clitest.NamesIn(t, os.Getenv("TMPDIR")); names != "" {
		t.Errorf("left %s", names)
	}
}

// Ctrl-C in the middle of a large file leaves no copy of it.
func TestOpenSourcesInterrupted(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", t.TempDir())
	large := clitest.WriteFile(t, filepath.Join(dir, "large.png"), strings.Repeat("x", 2<<20))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := openSources(ctx, new(cli.ExitHook), nil, []string{large}); cli.StatusOf(err) != cli.Interrupted {
		t.Errorf("error %v", err)
	}
	if names := clitest.NamesIn(t, os.Getenv("TMPDIR")); names != "" {
		t.Errorf("left %s", names)
	}
}

func TestContextReader(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	r := &contextReader{ctx, strings.NewReader("ab"), nil}
	if _, err := io.ReadFull(r, make([]byte, 1)); err != nil {
		t.Error(err)
	}
	cancel()
	if _, err := io.ReadFull(r, make([]byte, 1)); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}
