package bench

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"

	"github.com/tensorslab/tensorslab-go/bench/http2"
)

// service responds over loopback sockets and counts its connections.
type service struct {
	*httptest.Server
	connections atomic.Int64
}

// bed is what something is measured on. It ends what was started there.
type bed interface{ Cleanup(end func()) }

// startService serves until the end of b.
func startService(b bed, handler http.HandlerFunc) *service {
	s := &service{Server: httptest.NewUnstartedServer(handler)}
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			s.connections.Add(1)
		}
	}
	s.Start()
	b.Cleanup(s.Close)
	return s
}

var asJSON = []string{"application/json"}

// serveResponses reads each request to its end and responds to it.
func serveResponses(next func(*[http2.MaxBody]byte) []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			return // the client is gone
		}
		var buf [http2.MaxBody]byte
		w.Header()["Content-Type"] = asJSON
		_, _ = w.Write(next(&buf)) // fails only if the client is gone
	}
}

// newTransport is the default transport with idle connections enough for any
// number of workers here, and without a proxy.
func newTransport(b bed) *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.Proxy = nil
	t.MaxIdleConns, t.MaxIdleConnsPerHost = 0, 64
	b.Cleanup(t.CloseIdleConnections)
	return t
}
