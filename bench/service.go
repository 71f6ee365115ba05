package bench

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/tensorslab/tensorslab-go/bench/http2"
)

// service responds over loopback sockets and counts its connections.
type service struct {
	*httptest.Server
	connections atomic.Int64
}

// startService serves until the end of tb.
func startService(tb testing.TB, handler http.HandlerFunc) *service {
	s := &service{Server: httptest.NewUnstartedServer(handler)}
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			s.connections.Add(1)
		}
	}
	s.Start()
	tb.Cleanup(s.Close)
	return s
}

// serveResponses reads each request to its end and responds to it.
func serveResponses(a *responses) http.HandlerFunc {
	contentType := []string{"application/json"}
	return func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			return // the client is gone
		}
		var buf [http2.MaxBody]byte
		w.Header()["Content-Type"] = contentType
		_, _ = w.Write(a.next(&buf)) // fails only if the client is gone
	}
}

// newTransport is the default transport with idle connections enough for any
// number of workers here, and without a proxy.
func newTransport(tb testing.TB) *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.Proxy = nil
	t.MaxIdleConns, t.MaxIdleConnsPerHost = 0, 64
	tb.Cleanup(t.CloseIdleConnections)
	return t
}
