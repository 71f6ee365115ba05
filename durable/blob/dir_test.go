package blob_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/durable/blob"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

func TestDirSavesImages(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "pictures") // is made
	service := fakeapi.Start(t)
	r := run(t, service, blob.Save(blob.Dir(dir)), "fox", 2)
	if r.Err != nil || r.State != batch.Saved || len(r.Files) != 2 {
		t.Fatalf("%+v", r)
	}
	for i, url := range service.ImageURLs(r.TaskID) {
		got, err := os.ReadFile(r.Files[i])
		if err != nil || !bytes.Equal(got, service.Image(url)) {
			t.Errorf("%s has %d bytes, %v", r.Files[i], len(got), err)
		}
	}
	if names := list(t, filepath.Join(dir, "fox")); len(names) != 2 {
		t.Errorf("the folder has %q", names)
	}
}

func TestDirKeepsWhatIsThere(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ before, want string }{
		"image": {"old", "old"},
		"empty": {"", "new"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			path := filepath.Join(dir, "fox.png")
			if err := os.WriteFile(path, []byte(test.before), 0o600); err != nil {
				t.Fatal(err)
			}
			location, err := put(t.Context(), dir, "fox.png", "new", 3)
			if got := read(t, path); got != test.want || location != path || err != nil {
				t.Errorf("%q at %s, %v", got, location, err)
			}
		})
	}
}

func TestDirFailsWhole(t *testing.T) {
	t.Parallel()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for name, test := range map[string]struct {
		ctx  context.Context
		name string
		size int64
		want error // or nil for any
	}{
		"too short":    {t.Context(), "fox.png", 4, io.ErrUnexpectedEOF},
		"too long":     {t.Context(), "fox.png", 2, io.ErrUnexpectedEOF},
		"ended":        {ended, "fox.png", 3, context.Canceled},
		"out of it":    {t.Context(), "../fox.png", 3, nil},
		"absolute":     {t.Context(), "/fox.png", 3, nil},
		"a directory":  {t.Context(), "folder", 3, nil},
		"below a file": {t.Context(), "file/fox.png", 3, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if err := errors.Join(os.MkdirAll(filepath.Join(dir, "folder", "full"), 0o700), os.WriteFile(filepath.Join(dir, "file"), []byte("x"), 0o600)); err != nil {
				t.Fatal(err)
			}
			location, err := put(test.ctx, dir, test.name, "new", test.size)
			if err == nil || test.want != nil && !errors.Is(err, test.want) || location != "" {
				t.Errorf("%q, %v; want %v", location, err, test.want)
			}
			if names := list(t, dir); len(names) != 2 {
				t.Errorf("left: %q", names)
			}
		})
	}
}

// Two machines that save one image at the same time do not disturb each other, and whoever
// looks meanwhile sees a whole image or none.
func TestDirIsAtomic(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	image := strings.Repeat("image ", 200_000)
	done := make(chan struct{})
	var writers, readers sync.WaitGroup
	readers.Go(func() {
		for {
			if data, err := os.ReadFile(filepath.Join(dir, "fox.png")); err == nil && string(data) != image {
				t.Errorf("a reader saw %d bytes of %d", len(data), len(image))
			}
			select {
			case <-done:
				return
			default:
			}
		}
	})
	for range 8 {
		writers.Go(func() {
			if _, err := put(t.Context(), dir, "fox.png", image, int64(len(image))); err != nil {
				t.Error(err)
			}
		})
	}
	writers.Wait()
	close(done)
	readers.Wait()
	if names := list(t, dir); len(names) != 1 {
		t.Errorf("the folder has %q", names)
	}
}

func put(ctx context.Context, dir, name, content string, size int64) (string, error) {
	return blob.Dir(dir).Put(ctx, name, "image/png", strings.NewReader(content), size)
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func list(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}
