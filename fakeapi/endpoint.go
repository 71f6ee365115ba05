package fakeapi

import (
	"context"
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"time"
)

// These keep a server that runs for long from holding on to silent clients.
const (
	headerTimeout = 30 * time.Second
	idleTimeout   = 2 * time.Minute
)

// endpoint is one listening socket and the server behind it.
type endpoint struct {
	url     string
	server  *httptest.Server
	latency time.Duration // of each response
	closing chan struct{}

	mu       sync.Mutex // guards what follows
	closed   bool
	accepted int            // connections
	handlers sync.WaitGroup // added to under the lock
}

// listen opens the socket; secure is nil for plain HTTP. Connections wait until
// serve is called.
func (e *endpoint) listen(addr string, protocols *http.Protocols, secure *tls.Config) error {
	ln, err := net.Listen("tcp", addr) //nolint:noctx // it does not wait
	if err != nil {
		return err
	}
	e.url = "http://" + reachable(ln.Addr())
	if secure != nil {
		e.url = "https://" + reachable(ln.Addr())
	}
	e.closing = make(chan struct{})
	e.server = &httptest.Server{Listener: ln, TLS: secure, Config: &http.Server{
		Protocols:                    protocols,
		ConnState:                    e.changed,
		ErrorLog:                     log.New(io.Discard, "", 0),
		ReadHeaderTimeout:            headerTimeout,
		IdleTimeout:                  idleTimeout,
		DisableGeneralOptionsHandler: true,
	}}
	return nil
}

// serve starts to handle requests. No handler starts after close was called.
func (e *endpoint) serve(handler http.HandlerFunc) {
	e.server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !e.enter() {
			panic(http.ErrAbortHandler)
		}
		defer e.handlers.Done()
		handler(w, r)
	})
	if e.server.TLS == nil {
		e.server.Start()
	} else {
		e.server.StartTLS()
	}
}

// reachable returns an address to connect to: a listener on all addresses is
// reached by loopback.
func reachable(addr net.Addr) string {
	tcp, ok := addr.(*net.TCPAddr)
	if !ok || !tcp.IP.IsUnspecified() {
		return addr.String()
	}
	return (&net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: tcp.Port}).String()
}

// changed is called for each new state of a connection. It ends those that are
// accepted after close was called, which httptest.Server would wait for once
// they have a request.
func (e *endpoint) changed(conn net.Conn, state http.ConnState) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if state != http.StateNew {
		return
	}
	e.accepted++
	if e.closed {
		_ = conn.Close() // the connection ends either way
	}
}

// connections returns how many were accepted so far.
func (e *endpoint) connections() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.accepted
}

// enter admits a request unless the endpoint is closing.
func (e *endpoint) enter() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return false
	}
	e.handlers.Add(1)
	return true
}

// close ends open connections, waits for the requests being handled, and
// leaves no goroutine behind. It is called once, after serve.
func (e *endpoint) close() {
	e.mu.Lock()
	e.closed = true
	e.mu.Unlock()
	close(e.closing)
	e.server.CloseClientConnections()
	e.server.Close()
	e.handlers.Wait() // over HTTP/2 they may outlive their connection
}

// wait reports whether d passed before the client went away or the endpoint
// began to close.
func (e *endpoint) wait(ctx context.Context, d time.Duration) bool {
	if d == 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	case <-e.closing:
		return false
	}
}
