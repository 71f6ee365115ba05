package conformance

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/testkit"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// Not parallel: the heap is that of the whole process, this server included.
func TestLargeUploadStaysOnDisk(t *testing.T) {
	if testing.Short() {
		t.Skip("200 MB")
	}
	const size, limit = 200 << 20, 32 << 20
	var got atomic.Int64
	url, requests := testkit.Serve(t, func(w http.ResponseWriter, r *http.Request) {
		n, err := io.Copy(io.Discard, r.Body)
		if err != nil || n != r.ContentLength {
			t.Errorf("%d bytes of %d, %v", n, r.ContentLength, err)
		}
		got.Store(n)
		testkit.Respond(200, testkit.TaskCreatedBody)(w, r)
	})
	growth := testkit.HeapGrowth(func() {
		source := newSource(t, testkit.Image(size))
		defer source.Close()
		if err := generate(t.Context(), newRetryingClient(t, url), source.File()); err != nil {
			t.Error(err)
		}
	})
	if got.Load() < size || got.Load() > size+4096 || requests.Load() != 1 {
		t.Errorf("%d bytes in %d requests", got.Load(), requests.Load())
	}
	if growth > limit {
		t.Errorf("the heap grew by %d MB", growth>>20)
	}
	t.Logf("the heap grew by %.1f MB at most", float64(growth)/(1<<20))
}

// upload is the server's part in an upload that ends early. cancel ends the
// client's context; returned is closed when the client's call has returned,
// because a server that reads no further does not see its client go.
type upload func(w http.ResponseWriter, r *http.Request, cancel func(), returned <-chan struct{})

// refuseUnread responds before it has read the body.
func refuseUnread(status int) upload {
	return func(w http.ResponseWriter, _ *http.Request, _ func(), _ <-chan struct{}) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, `{"code":9999,"msg":"no"}`)
	}
}

func readSome(r *http.Request) { _, _ = io.CopyN(io.Discard, r.Body, 100<<10) }

// Whatever ends an upload, no file is open any more when the method returns, so
// that its source can be closed.
func TestUploadsThatEndEarly(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir()) // and so not parallel
	whole := t                      // the servers are closed at its end, together: each takes half a second
	tests := []struct {
		name  string
		serve upload
		want  string
		is    error
	}{
		{"413", refuseUnread(413), "Failure", nil},
		{"401", refuseUnread(401), "Failure Unauthorized", nil},
		{"cancelled", func(_ http.ResponseWriter, r *http.Request, cancel func(), returned <-chan struct{}) {
			readSome(r)
			cancel()
			<-returned
		}, "OutcomeUnknown", context.Canceled},
		{"too slow", func(_ http.ResponseWriter, r *http.Request, _ func(), returned <-chan struct{}) {
			readSome(r)
			<-returned
		}, "OutcomeUnknown", context.DeadlineExceeded},
		{"dropped midway", func(w http.ResponseWriter, r *http.Request, _ func(), _ <-chan struct{}) {
			readSome(r)
			testkit.HangUp(w, r)
		}, "OutcomeUnknown", nil},
		{"dropped at the end", func(w http.ResponseWriter, r *http.Request, _ func(), _ <-chan struct{}) {
			_, _ = io.Copy(io.Discard, r.Body)
			testkit.HangUp(w, r)
		}, "OutcomeUnknown", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.is != context.DeadlineExceeded {
				checkUpload(t, tt.want, tt.is, tt.serve.run(whole))
				return
			}
			for timeout, last := range testkit.Timeouts() {
				result := tt.serve.run(whole, wrapper.WithTimeout(timeout))
				if errors.Is(result.err, wrapper.ErrNotSent) && !last {
					continue // the timeout passed before the request was sent
				}
				checkUpload(t, tt.want, tt.is, result)
				return
			}
		})
	}
}

type uploadResult struct {
	err      error
	requests int32
	open     int // files
}

func (u upload) run(t *testing.T, options ...wrapper.Option) uploadResult {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	returned := make(chan struct{})
	url, requests := testkit.Serve(t, func(w http.ResponseWriter, r *http.Request) { u(w, r, cancel, returned) })
	source := newSource(t, testkit.Image(8<<20))
	err := generate(ctx, newRetryingClient(t, url, options...), source.File())
	close(returned)
	return uploadResult{err, requests.Load(), testkit.OpenTempFiles(t, "multipart-")}
}

func checkUpload(t *testing.T, want string, is error, got uploadResult) {
	t.Helper()
	if got.open != 0 {
		t.Errorf("%d files are open", got.open)
	}
	if matching(got.err) != want || got.err == nil || is != nil && !errors.Is(got.err, is) {
		t.Errorf("%v matches %q, want %q", got.err, matching(got.err), want)
	}
	if got.requests != 1 {
		t.Errorf("%d requests", got.requests)
	}
}

// A request editor runs between the checks and the upload: a file that changes
// there changes meanwhile.
func TestFilesThatChangeMeanwhile(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change func(*wrapper.Source) error
		want   string
		is     error
	}{
		"deleted": {(*wrapper.Source).Close, textCannotOpen, fs.ErrNotExist},
		"shorter": {func(s *wrapper.Source) error { return truncate(s, 3<<20) }, textEndedEarly, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service, url := testkit.NewFormServer(t, testkit.Respond(200, testkit.TaskCreatedBody))
			source := newSource(t, testkit.Image(8<<20))
			c := newRetryingClient(t, url, wrapper.WithRequestEditor(func(context.Context, *http.Request) error { return tt.change(source) }))
			err := generate(t.Context(), c, source.File())
			checkFault(t, err, lost(), 1)
			if !strings.Contains(err.Error(), textUploadBroke+"/sourceImage/0"+tt.want) || tt.is != nil && !errors.Is(err, tt.is) {
				t.Errorf("got %v", err)
			}
			if len(service.Submissions()) != 0 {
				t.Errorf("%d submissions", len(service.Submissions()))
			}
		})
	}
}

// truncate shortens the file of a source that is on disk.
func truncate(s *wrapper.Source, size int64) error {
	source := s.File()
	f, err := source.Reader()
	if err != nil {
		return err
	}
	defer f.Close()
	return os.Truncate(f.(*os.File).Name(), size)
}
