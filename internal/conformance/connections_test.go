package conformance

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/testkit"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// connectionCount follows the connections of a server.
type connectionCount struct {
	mu                sync.Mutex
	total, open, most int
}

func (c *connectionCount) follow(_ net.Conn, state http.ConnState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch state {
	case http.StateNew:
		c.total++
		c.open++
		c.most = max(c.most, c.open)
	case http.StateClosed, http.StateHijacked:
		c.open--
	default: // active or idle
	}
}

// read returns how many connections there have been in all, and at most at once.
func (c *connectionCount) read() (total, most int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.total, c.most
}

// serveCounting starts a server whose connections are counted.
func serveCounting(t *testing.T, handler http.HandlerFunc) (url string, count *connectionCount) {
	t.Helper()
	count = new(connectionCount)
	server := httptest.NewUnstartedServer(handler)
	server.Config.ConnState = count.follow
	server.Start()
	t.Cleanup(server.Close)
	return server.URL, count
}

func TestConnectionsAreReused(t *testing.T) {
	t.Parallel()
	tests := map[string]http.HandlerFunc{
		"success":           testkit.Respond(200, successBody),
		"refusal":           testkit.Respond(400, `{"code":9999,"msg":"no"}`),
		"unauthorized":      testkit.Respond(401, `{"code":9999,"msg":"no"}`),
		"violation":         testkit.Respond(200, `{}`),
		"long error page":   testkit.Respond(404, strings.Repeat("x", 512<<10)),
		"redirect":          func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/elsewhere", http.StatusFound) },
		"undocumented 201":  testkit.Respond(201, successBody),
		"no content at all": testkit.Status(http.StatusNoContent),
	}
	for name, handler := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, count := serveCounting(t, handler)
			c := newClient(t, url, nil)
			for range 5 {
				_, _ = c.DeleteImagesTask(t.Context(), oneID)
			}
			if total, _ := count.read(); total != 1 {
				t.Errorf("%d connections for 5 requests", total)
			}
		})
	}
}

// Calls at the same time share their connections, and more calls than
// connections wait. net/http counts a connection that it has begun to close as
// closed before the server does, so that the server may see a few more.
func TestConcurrentCallsKeepTheirConnections(t *testing.T) {
	t.Parallel()
	url, count := serveCounting(t, testkit.Respond(200, successBody))
	c := newRetryingClient(t, url)
	const callers, calls = 2 * maxConnections, 25
	var wg sync.WaitGroup
	for range callers {
		wg.Go(func() {
			for range calls {
				if _, err := c.DeleteImagesTask(t.Context(), oneID); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	total, most := count.read()
	if most > maxConnections+maxConnections/8 {
		t.Errorf("%d connections at once, want at most %d", most, maxConnections)
	}
	if total > 2*maxConnections {
		t.Errorf("%d connections for %d calls from %d goroutines", total, callers*calls, callers)
	}
}

func TestNoRedirectIsFollowed(t *testing.T) {
	t.Parallel()
	elsewhere, followed := testkit.Serve(t, testkit.Respond(200, successBody))
	for _, status := range []int{300, 301, 302, 303, 304, 305, 307, 308, 399} {
		for _, location := range []string{"", elsewhere, "http://[::1", ":", "/", "https://user:pass@h.test/"} {
			url, requests := testkit.Serve(t, func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body)
				if location != "" {
					w.Header().Set("Location", location)
				}
				w.WriteHeader(status)
			})
			follow := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return nil }}
			_, err := newClient(t, url, nil, fast, wrapper.WithHTTPClient(follow)).DeleteImagesTask(t.Context(), oneID)
			if matching(err) != "Redirected" || requests.Load() != 1 {
				t.Errorf("%d to %q: %v (%s) after %d requests", status, location, err, matching(err), requests.Load())
			}
		}
	}
	if followed.Load() != 0 {
		t.Errorf("%d redirects were followed", followed.Load())
	}
}

func TestHeadersAreBounded(t *testing.T) {
	t.Parallel()
	url, _ := testkit.Serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Long", strings.Repeat("x", 2*maxHeaderBytes))
		testkit.Respond(200, successBody)(w, r)
	})
	_, err := newClient(t, url, nil).DeleteImagesTask(t.Context(), oneID)
	if got := matching(err); got != "OutcomeUnknown" {
		t.Errorf("got %v (%s)", err, got)
	}
}
