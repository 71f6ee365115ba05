package wrapper

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// counting starts a server that counts the connections it accepts.
func counting(t *testing.T, handler http.HandlerFunc) (url string, connections *atomic.Int32) {
	t.Helper()
	connections = new(atomic.Int32)
	server := httptest.NewUnstartedServer(handler)
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	return server.URL, connections
}

func TestConnectionsAreUsedAgain(t *testing.T) {
	t.Parallel()
	tests := map[string]http.HandlerFunc{
		"success":           answers(200, successBody),
		"refusal":           answers(400, `{"code":9999,"msg":"no"}`),
		"unauthorized":      answers(401, `{"code":9999,"msg":"no"}`),
		"contract breach":   answers(200, `{}`),
		"long error page":   answers(404, strings.Repeat("x", 512<<10)),
		"redirect":          func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/elsewhere", http.StatusFound) },
		"undocumented 201":  answers(201, successBody),
		"no content at all": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) },
	}
	for name, handler := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, connections := counting(t, handler)
			c := newTestClient(t, url)
			for range 5 {
				_, _ = c.DeleteImagesTask(t.Context(), oneTask)
			}
			if n := connections.Load(); n != 1 {
				t.Errorf("%d connections for 5 requests", n)
			}
		})
	}
}

func TestConcurrentCallsKeepTheirConnections(t *testing.T) {
	t.Parallel()
	url, connections := counting(t, answers(200, successBody))
	c := newTestClient(t, url)
	var wg sync.WaitGroup
	for range 64 {
		wg.Go(func() {
			for range 50 {
				if _, err := c.DeleteImagesTask(t.Context(), oneTask); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if n := connections.Load(); n > MaxConnections {
		t.Errorf("%d connections for 3,200 calls from 64 goroutines", n)
	}
}

func TestNoRedirectIsFollowed(t *testing.T) {
	t.Parallel()
	elsewhere, followed := serve(t, answers(200, successBody))
	for _, status := range []int{300, 301, 302, 303, 304, 305, 307, 308, 399} {
		for _, location := range []string{"", elsewhere, "http://[::1", ":", "/", "https://user:pass@h.test/"} {
			url, requests := serve(t, func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body)
				if location != "" {
					w.Header().Set("Location", location)
				}
				w.WriteHeader(status)
			})
			follow := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return nil }}
			_, err := newTestClient(t, url, WithHTTPClient(follow)).DeleteImagesTask(t.Context(), oneTask)
			if got := strings.Join(matching(err), " "); got != "Redirected" || requests.Load() != 1 {
				t.Errorf("%d to %q: %v (%s) after %d requests", status, location, err, got, requests.Load())
			}
		}
	}
	if followed.Load() != 0 {
		t.Errorf("%d redirects were followed", followed.Load())
	}
}

func TestDefaultTransport(t *testing.T) {
	t.Parallel()
	ours := newTransport().(*http.Transport)
	theirs := http.DefaultTransport.(*http.Transport)
	if ours == theirs || ours.MaxIdleConnsPerHost != MaxConnections || ours.MaxConnsPerHost != MaxConnections || ours.MaxResponseHeaderBytes != maxHeaderBytes {
		t.Errorf("not a tuned clone: %+v", ours)
	}
	if ours.Proxy == nil || ours.DialContext == nil || !ours.ForceAttemptHTTP2 || ours.TLSHandshakeTimeout != theirs.TLSHandshakeTimeout {
		t.Error("proxy, dialler, HTTP/2 or the handshake's timeout was lost")
	}
}

func TestHeadersAreBounded(t *testing.T) {
	t.Parallel()
	url, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Long", strings.Repeat("x", 2*maxHeaderBytes))
		answers(200, successBody)(w, r)
	})
	_, err := newTestClient(t, url, WithRetry(RetryPolicy{MaxAttempts: 1})).DeleteImagesTask(context.Background(), oneTask)
	if got := strings.Join(matching(err), " "); got != "OutcomeUnknown" {
		t.Errorf("got %v (%s)", err, got)
	}
}
