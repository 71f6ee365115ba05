package fetch

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/internal/send"
)

// content returns what is in dir, a line for each file.
func content(t *testing.T, dir string) (text string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		text += e.Name() + "=" + string(data) + "\n"
	}
	return text
}

// breaksOff announces more than it sends.
func breaksOff(w http.ResponseWriter, r *http.Request) {
	responds(200, http.Header{"Content-Length": {"100000"}}, picture(50_000))(w, r)
}

func TestGetFile(t *testing.T) {
	t.Parallel()
	for name, handlers := range map[string][]http.HandlerFunc{
		"at once":             {},
		"after a failure":     {responds(503, nil, "")},
		"after broken copies": {breaksOff, breaksOff},
		"after a short one":   {responds(200, http.Header{"Content-Length": {"100"}}, picture(99)), hangUp},
		"after a missing one": {responds(404, nil, ""), responds(404, nil, ""), responds(404, nil, ""), responds(404, nil, "")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			next := make(chan http.HandlerFunc, 10)
			for _, h := range append(handlers, responds(200, nil, picture(10))) {
				next <- h
			}
			host, _ := serve(t, func(w http.ResponseWriter, r *http.Request) { (<-next)(w, r) })
			dir := t.TempDir()
			got, failed := loopback(t, Options{}).GetFile(t.Context(), host, filepath.Join(dir, "a.png"))
			if failed != nil || got.Bytes != 10 || got.Ext != ".png" || content(t, dir) != "a.png="+picture(10)+"\n" {
				t.Errorf("%+v, %+v, %.200q", got, failed, content(t, dir))
			}
		})
	}
}

// Whatever fails, the file that was there stays as it is, alone.
func TestGetFileLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		handler http.HandlerFunc
		is      error
	}{
		"broken each time": {breaksOff, io.ErrUnexpectedEOF},
		"no image":         {responds(200, nil, "<html>"), ErrNotImage},
		"nothing":          {responds(200, nil, ""), ErrEmpty},
		"too large":        {responds(200, nil, picture(200_000)), ErrTooLarge},
		"too large, told":  {responds(200, http.Header{"Content-Length": {"200000"}}, picture(200_000)), ErrTooLarge},
		"forbidden":        {responds(403, nil, ""), nil},
		"lost":             {hangUp, io.EOF},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			host, _ := serve(t, tt.handler)
			dir := t.TempDir()
			path := filepath.Join(dir, "a.png")
			for _, before := range []string{"", "a.png=mine\n"} {
				if before != "" {
					if err := os.WriteFile(path, []byte("mine"), 0o600); err != nil {
						t.Fatal(err)
					}
				}
				got, failed := loopback(t, Options{MaxBytes: 100_000}).GetFile(t.Context(), host, path)
				if failed == nil || got != (Copied{}) || tt.is != nil && !errors.Is(failed.Err, tt.is) || content(t, dir) != before {
					t.Errorf("%+v, %+v, left %.100q", got, failed, content(t, dir))
				}
			}
		})
	}
}

// An existing file is replaced by the whole new one, with the mode that the umask
// allows.
func TestGetFileReplaces(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "a.png")
	for range 2 {
		host, _ := serve(t, responds(200, nil, picture(10)))
		if _, failed := loopback(t, Options{}).GetFile(t.Context(), host, path); failed != nil || content(t, dir) != "a.png="+picture(10)+"\n" {
			t.Fatalf("%+v, %q", failed, content(t, dir))
		}
		if err := os.Chmod(path, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	plain, err := os.OpenFile(filepath.Join(dir, "plain"), os.O_CREATE, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	plain.Close()
	host, _ := serve(t, responds(200, nil, picture(10)))
	if _, failed := loopback(t, Options{}).GetFile(t.Context(), host, path); failed != nil {
		t.Fatalf("%+v", failed)
	}
	want, _ := os.Stat(plain.Name())
	if got, err := os.Stat(path); err != nil || got.Mode() != want.Mode() {
		t.Errorf("%v, %v; want %v", got.Mode(), err, want.Mode())
	}
}

// What can't be written is said before anything is requested, under the name that
// was given.
func TestGetFileChecksThePath(t *testing.T) {
	t.Parallel()
	host, requests := serve(t, responds(200, nil, picture(10)))
	dir := t.TempDir()
	paths := map[string]error{
		"": nil, dir: nil, dir + string(filepath.Separator): nil, filepath.Join(dir, "none", "a.png"): fs.ErrNotExist, filepath.Join(dir, "new") + string(filepath.Separator): nil,
	}
	if runtime.GOOS != "windows" {
		paths[os.DevNull] = nil
	}
	for path, is := range paths {
		_, failed := loopback(t, Options{}).GetFile(t.Context(), host, path)
		err := errorOf(failed)
		var at *fs.PathError
		if !errors.As(err, &at) || at.Path != path || is != nil && !errors.Is(err, is) || strings.Contains(err.Error(), ".tmp") || content(t, dir) != "" {
			t.Errorf("%q: %v", path, err)
		}
	}
	if _, failed := New(Options{}).GetFile(t.Context(), host, filepath.Join(dir, "a.png")); !errors.Is(errorOf(failed), ErrPrivate) || content(t, dir) != "" {
		t.Errorf("%+v", failed)
	}
	if requests.Load() != 0 {
		t.Errorf("%d requests", requests.Load())
	}
}

// A folder that took the name meanwhile is no reason to leave the copy there.
func TestGetFileCannotBeRenamed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "a.png")
	host, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		if err := os.MkdirAll(filepath.Join(path, "sub"), 0o700); err != nil {
			t.Error(err)
		}
		_, _ = io.WriteString(w, picture(10))
	})
	_, failed := loopback(t, Options{}).GetFile(t.Context(), host, path)
	entries, _ := os.ReadDir(dir)
	if err := errorOf(failed); err == nil || strings.Contains(err.Error(), ".tmp") || len(entries) != 1 {
		t.Errorf("%v, left %v", err, entries)
	}
}

func TestGetFileEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	host, requests := serve(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, picture(50_000))
		w.(http.Flusher).Flush()
		cancel()
		<-r.Context().Done()
	})
	dir := t.TempDir()
	o := Options{Retry: send.Policy{MaxAttempts: 3, Backoff: time.Microsecond, MaxRetryAfter: time.Second}}
	if _, failed := loopback(t, o).GetFile(ctx, host, filepath.Join(dir, "a.png")); !errors.Is(errorOf(failed), context.Canceled) || content(t, dir) != "" || requests.Load() != 1 {
		t.Errorf("%+v after %d requests, left %q", failed, requests.Load(), content(t, dir))
	}
}
