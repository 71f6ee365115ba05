package fetch

import (
	"context"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/tensorslab/tensorslab-go/internal/send"
)

func TestMain(m *testing.M) {
	log.SetOutput(io.Discard) // net/http's servers tell of each connection that is cut
	goleak.VerifyTestMain(m)
}

// What the tests of this package share.

// withTestDefaults completes o: three attempts, with hardly any wait between them.
func withTestDefaults(o Options) Options {
	if o.MaxBytes == 0 {
		o.MaxBytes = 1 << 20
	}
	if o.MaxRedirects == 0 {
		o.MaxRedirects = 5
	}
	if o.Retry == (send.Policy{}) {
		o.Retry = send.Policy{MaxAttempts: 3, Backoff: time.Microsecond, MaxRetryAfter: time.Second}
	}
	o.UserAgent = "test/1"
	return o
}

// png is the beginning of a PNG image, which is all that is ever looked at.
const png = "\x89PNG\r\n\x1a\n"

// picture returns size bytes that begin as a PNG image does.
func picture(size int) string { return png + strings.Repeat("x", size-len(png)) }

// get is Get for tests that look only at the number of bytes.
func (f *Fetcher) get(ctx context.Context, u *url.URL, w io.Writer) (int64, *Failure) {
	got, failed := f.Get(ctx, u, w)
	return got.Bytes, failed
}

// loopback returns a Fetcher that may fetch from this machine.
func loopback(t *testing.T, o Options) *Fetcher {
	t.Helper()
	o.AllowPrivate = true
	f := New(withTestDefaults(o))
	t.Cleanup(f.CloseIdleConnections)
	return f
}

// serve starts a server on a loopback socket and counts the requests that it gets.
func serve(t *testing.T, handler http.HandlerFunc) (host *url.URL, requests *atomic.Int32) {
	t.Helper()
	requests = new(atomic.Int32)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		handler(w, r)
	}))
	t.Cleanup(server.Close)
	return parse(t, server.URL), requests
}

func parse(t *testing.T, raw string) *url.URL {
	t.Helper()
	u, err := url.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// responds returns a handler that gives one response.
func responds(status int, header http.Header, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for name := range header {
			w.Header().Set(name, header.Get(name))
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// hangUp cuts the connection instead of responding.
func hangUp(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

// errorOf returns the reason, or nil for a nil Failure.
func errorOf(failed *Failure) error {
	if failed == nil {
		return nil
	}
	return failed.Err
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }
