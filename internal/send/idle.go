package send

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"sync/atomic"
)

// idleConn ends when the server sends something while no request uses it. net/http would
// print that to the standard logger, with the key or the signed address that it may
// repeat. What arrives together with the end of a response has been read by then, and is
// still printed.
type idleConn struct {
	net.Conn
	use atomic.Uint64 // another number for each request; odd while there is none
}

// Read reads, and takes what comes between two requests for the end of the connection.
func (c *idleConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if n > 0 && c.use.Load()%2 == 1 {
		return 0, io.EOF
	}
	return n, err
}

// take notes that a request has the connection, and returns its number for free.
func (c *idleConn) take() (use uint64) {
	for {
		last := c.use.Load()
		if use = (last | 1) + 1; c.use.CompareAndSwap(last, use) {
			return use
		}
	}
}

// free notes that the connection is idle, unless another request has taken it meanwhile:
// net/http reports that it is idle after it has offered it to others.
func (c *idleConn) free(use uint64) { c.use.CompareAndSwap(use, use+1) }

// idleConnOf returns the idleConn below conn and any TLS on it, or nil.
func idleConnOf(conn net.Conn) *idleConn {
	for {
		switch c := conn.(type) {
		case *idleConn:
			return c
		case *tls.Conn:
			conn = c.NetConn()
		default:
			return nil
		}
	}
}

// Quiet returns a copy of t whose connections end when a server sends something between
// two requests. The context of each of its requests must be one that [Watched] returned,
// or that of a [Sender].
func Quiet(t *http.Transport) *http.Transport {
	own := clone(t)
	dial := dialerOf(own)
	own.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil || conn == nil {
			return conn, err
		}
		return &idleConn{Conn: conn}, nil
	}
	return own
}

// Watched returns ctx for one request through a transport that [Quiet] returned.
func Watched(ctx context.Context) context.Context { return new(trace).watch(ctx, false) }
