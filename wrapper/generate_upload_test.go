package wrapper

import (
	"bufio"
	"context"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// heap is the memory that objects take, dead ones included.
func heap() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// peakWhile returns the most that the heap held while do ran.
func peakWhile(do func()) uint64 {
	runtime.GC()
	done, stopped, peak := make(chan struct{}), make(chan struct{}), uint64(0)
	go func() {
		defer close(stopped)
		tick := time.NewTicker(time.Millisecond)
		defer tick.Stop()
		for {
			peak = max(peak, heap())
			select {
			case <-done:
				return
			case <-tick.C:
			}
		}
	}()
	do()
	close(done)
	<-stopped
	return peak
}

// Not parallel: the heap is that of the whole process, this server included.
func TestALargeUploadStaysOnDisk(t *testing.T) {
	if testing.Short() {
		t.Skip("200 MB")
	}
	const size, limit = 200 << 20, 32 << 20
	var got atomic.Int64
	url, requests := serve(t, func(w http.ResponseWriter, r *http.Request) {
		n, err := io.Copy(io.Discard, r.Body)
		if err != nil || n != r.ContentLength {
			t.Errorf("%d bytes of %d, %v", n, r.ContentLength, err)
		}
		got.Store(n)
		answers(200, taskBody)(w, r)
	})
	peak := peakWhile(func() {
		source := newTestSource(t, "large.png", io.LimitReader(zeros{}, size))
		defer source.Close()
		if _, err := generateOne(t.Context(), newTestClient(t, url), source.File()); err != nil {
			t.Error(err)
		}
	})
	if got.Load() < size || got.Load() > size+4096 || requests.Load() != 1 {
		t.Errorf("%d bytes in %d requests", got.Load(), requests.Load())
	}
	if peak > limit {
		t.Errorf("the heap grew to %d MB", peak>>20)
	}
	t.Logf("at most %.1f MB of heap", float64(peak)/(1<<20))
}

// openSources is how many temporary files of sources this process has open.
func openSources(t *testing.T) (n int) {
	t.Helper()
	links, err := filepath.Glob("/proc/self/fd/*")
	if err != nil || len(links) == 0 {
		t.Skip("no /proc")
	}
	for _, link := range links {
		if target, _ := os.Readlink(link); strings.HasPrefix(target, os.TempDir()) && strings.Contains(target, "multipart-") {
			n++
		}
	}
	return n
}

// Uploads that end early, each in its way. Whatever the way, no file is open
// any more when the method returns, so that its source can be closed.
func TestUploadsThatEndEarly(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir()) // and so not parallel
	var returned chan struct{}      // a server that reads no further does not see its client go
	early := func(status int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			_, _ = io.WriteString(w, `{"code":9999,"msg":"no"}`)
		}
	}
	some := func(then func()) http.HandlerFunc {
		return func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.CopyN(io.Discard, r.Body, 100<<10)
			then()
			<-returned
		}
	}
	whole := func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		panic(http.ErrAbortHandler)
	}
	ctx, cancel := context.WithCancel(t.Context())
	tests := []struct {
		name    string
		handler http.HandlerFunc
		ctx     context.Context
		options []Option
		want    string
		is      error
	}{
		{"413", early(413), t.Context(), nil, "Failure", nil},
		{"401", early(401), t.Context(), nil, "Failure Unauthorized", nil},
		{"cancelled", some(cancel), ctx, nil, "OutcomeUnknown", context.Canceled},
		{"too slow", some(func() {}), t.Context(), []Option{WithTimeout(200 * time.Millisecond)}, "OutcomeUnknown", context.DeadlineExceeded},
		{"dropped on the way", some(func() { panic(http.ErrAbortHandler) }), t.Context(), nil, "OutcomeUnknown", nil},
		{"dropped at the end", whole, t.Context(), nil, "OutcomeUnknown", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			returned = make(chan struct{})
			url, requests := serve(t, tt.handler)
			source := newTestSource(t, "a.png", io.LimitReader(zeros{}, 8<<20))
			_, err := generateOne(tt.ctx, newTestClient(t, url, tt.options...), source.File())
			close(returned)
			if n := openSources(t); n != 0 {
				t.Errorf("%d files are open", n)
			}
			if got := strings.Join(matching(err), " "); got != tt.want || err == nil || tt.is != nil && !errors.Is(err, tt.is) {
				t.Errorf("%v matches %q, want %q", err, got, tt.want)
			}
			if requests.Load() != 1 {
				t.Errorf("%d requests", requests.Load())
			}
		})
	}
}

// A server that answers, and closes at once what is still being sent, may
// reset its own answer away. It is then lost, but never asked for again.
func TestAnAnswerThatIsResetByTheUpload(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	var requests atomic.Int32
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			if _, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
				requests.Add(1)
				_, _ = io.WriteString(conn, "HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
			}
			conn.Close()
		}
	}()
	source := newTestSource(t, "a.png", io.LimitReader(zeros{}, 8<<20))
	_, err = generateOne(t.Context(), newTestClient(t, "http://"+listener.Addr().String()), source.File())
	var refusal *APIError
	if !errors.Is(err, ErrOutcomeUnknown) && (!errors.As(err, &refusal) || refusal.HTTPStatus != 413) || requests.Load() != 1 {
		t.Errorf("%v after %d requests", err, requests.Load())
	}
}

// An editor runs between the checks and the upload: what happens to a file
// there happens on the way.
func TestFilesThatChangeOnTheWay(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change func(*Source)
		want   string
		is     error
	}{
		"deleted": {func(s *Source) { _ = s.Close() }, "/sourceImage/0 can't be opened", fs.ErrNotExist},
		"shorter": {func(s *Source) { truncate(s, 3<<20) }, "/sourceImage/0 ended 5242880 bytes before its announced size", nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service, url := newStudio(t, answers(200, taskBody))
			source := newTestSource(t, "a.png", io.LimitReader(zeros{}, 8<<20))
			c := newTestClient(t, url, WithRequestEditor(func(context.Context, *http.Request) error { tt.change(source); return nil }))
			_, err := generateOne(t.Context(), c, source.File())
			var e *TransportError
			if !errors.As(err, &e) || !errors.Is(err, ErrOutcomeUnknown) || !strings.Contains(err.Error(), "the upload broke off: the file "+tt.want) || tt.is != nil && !errors.Is(err, tt.is) {
				t.Errorf("got %v", err)
			}
			if e != nil && e.Attempts != 1 || len(service.all()) != 0 {
				t.Errorf("%d submissions", len(service.all()))
			}
		})
	}
}

// truncate shortens the file of a source under it.
func truncate(s *Source, size int64) {
	f, err := s.header.Open()
	if err != nil {
		panic(err)
	}
	defer f.Close()
	if err := os.Truncate(f.(*os.File).Name(), size); err != nil {
		panic(err)
	}
}
