package fakeapi

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"
)

// What keeps a long-running server from holding on to silent clients.
const (
	headerTimeout = 30 * time.Second
	idleTimeout   = 2 * time.Minute
)

// endpoint is one listening socket with all that has to end when it closes.
type endpoint struct {
	url      string
	listener net.Listener
	http     *http.Server
	conns    conns
	closing  chan struct{}
	served   chan error
	handlers sync.WaitGroup

	mu     sync.Mutex
	closed bool
}

// listen opens the socket; secure is nil for plain http. Connections wait until
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
	e.listener, e.closing, e.served = ln, make(chan struct{}), make(chan error, 1)
	e.http = &http.Server{
		Protocols:                    protocols,
		TLSConfig:                    secure.Clone(), // net/http writes to it
		ConnState:                    e.conns.changed,
		ErrorLog:                     log.New(io.Discard, "", 0),
		ReadHeaderTimeout:            headerTimeout,
		IdleTimeout:                  idleTimeout,
		DisableGeneralOptionsHandler: true,
	}
	return nil
}

// serve starts to answer. No handler starts once close has waited for them.
func (e *endpoint) serve(handler http.HandlerFunc) {
	e.http.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !e.enter() {
			panic(http.ErrAbortHandler)
		}
		defer e.handlers.Done()
		handler(w, r)
	})
	go func() {
		if e.http.TLSConfig == nil {
			e.served <- e.http.Serve(e.listener)
		} else {
			e.served <- e.http.ServeTLS(e.listener, "", "")
		}
	}()
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
// leaves no goroutine behind. It is called once.
func (e *endpoint) close() error {
	e.mu.Lock()
	e.closed = true
	e.mu.Unlock()
	close(e.closing)
	closeErr := e.http.Close()
	serveErr := <-e.served
	if errors.Is(serveErr, http.ErrServerClosed) {
		serveErr = nil
	}
	e.conns.closeAll()
	e.handlers.Wait()
	return errors.Join(closeErr, serveErr)
}

// wait reports whether d passed before the client went away or the endpoint
// began to close.
func (e *endpoint) wait(ctx context.Context, d time.Duration) bool {
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
