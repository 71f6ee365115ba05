package fakeapi

import (
	"crypto/tls"
	"errors"
	"fmt"
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

// Server is a running fake. It is safe for concurrent use; printed, it shows
// its URL and nothing else.
type Server struct {
	// URL is the base URL: scheme, host and port, with no trailing slash.
	URL string

	contract      *contract
	key           *keySum
	ignoreUnknown bool
	report        func(format string, args ...any)

	http      *http.Server
	transport *http.Transport
	conns     conns
	closing   chan struct{}
	served    chan error
	handlers  sync.WaitGroup
	closeOnce sync.Once
	closeErr  error

	mu      sync.Mutex // guards what follows
	closed  bool
	journal *journal
	faults  faultQueue
	tasks   *tasks
}

// NewServer returns a running server; the caller has to close it. Everything
// that is wrong with the options is reported in one error, and so are a
// contract that is not valid and an address that cannot be listened on.
func NewServer(opts ...Option) (*Server, error) { return newServer(nil, opts) }

func newServer(tb TB, opts []Option) (*Server, error) {
	cfg, err := newConfig(tb, opts)
	if err != nil {
		return nil, err
	}
	s := &Server{key: cfg.key, ignoreUnknown: cfg.ignoreUnknown,
		tasks: newTasks(cfg.tasks), journal: newJournal(),
		closing: make(chan struct{}), served: make(chan error, 1)}
	if s.contract, err = contractOf(cfg.contract); err != nil {
		return nil, fmt.Errorf("fakeapi: %w", err)
	}
	if cfg.strict {
		s.report = tb.Errorf
	}
	if err := s.listen(cfg); err != nil {
		return nil, fmt.Errorf("fakeapi: %w", err)
	}
	return s, nil
}

// listen opens the socket and starts to serve it.
func (s *Server) listen(cfg config) error {
	host, _, err := net.SplitHostPort(cfg.addr)
	if err != nil {
		return err
	}
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	protocols.SetHTTP2(cfg.http2)
	s.http = &http.Server{
		Handler:                      http.HandlerFunc(s.serve),
		Protocols:                    protocols,
		ConnState:                    s.conns.changed,
		ErrorLog:                     log.New(io.Discard, "", 0),
		ReadHeaderTimeout:            headerTimeout,
		IdleTimeout:                  idleTimeout,
		DisableGeneralOptionsHandler: true,
	}
	s.transport = &http.Transport{Protocols: protocols, MaxIdleConnsPerHost: 100, IdleConnTimeout: idleTimeout}
	if cfg.tls {
		cert, pool, err := newCertificate(host)
		if err != nil {
			return fmt.Errorf("make a certificate: %w", err)
		}
		s.http.TLSConfig = &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}
		s.transport.TLSClientConfig = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
	}
	ln, err := net.Listen("tcp", cfg.addr) //nolint:noctx // it does not wait
	if err != nil {
		return err
	}
	s.start(ln, cfg.tls)
	return nil
}

func (s *Server) start(ln net.Listener, secure bool) {
	if !secure {
		s.URL = "http://" + reachable(ln.Addr())
		go func() { s.served <- s.http.Serve(ln) }()
		return
	}
	s.URL = "https://" + reachable(ln.Addr())
	go func() { s.served <- s.http.ServeTLS(ln, "", "") }()
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

// Close stops the server: it ends open connections, waits for the requests
// being handled, and leaves no goroutine behind. Calling it again returns the
// same result.
func (s *Server) Close() error {
	s.closeOnce.Do(func() {
		s.mu.Lock()
		s.closed = true
		s.mu.Unlock()
		close(s.closing)
		closeErr := s.http.Close()
		serveErr := <-s.served
		if errors.Is(serveErr, http.ErrServerClosed) {
			serveErr = nil
		}
		s.conns.closeAll()
		s.handlers.Wait()
		s.transport.CloseIdleConnections()
		if err := errors.Join(closeErr, serveErr); err != nil {
			s.closeErr = fmt.Errorf("fakeapi: close: %w", err)
		}
	})
	return s.closeErr
}

// enter admits a request unless the server is closing, so that no handler
// starts once Close has waited for them.
func (s *Server) enter() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	s.handlers.Add(1)
	return true
}

// Client returns a new HTTP client that trusts the server's certificate, uses
// no proxy, and speaks HTTP/2 if the server does. All of them share one pool
// of connections, which Close closes.
func (s *Server) Client() *http.Client { return &http.Client{Transport: s.transport} }

// Connections returns how many connections were accepted so far.
func (s *Server) Connections() int { return s.conns.count() }

// AddTasks makes tasks exist. One that exists already is left as it is; one
// that was deleted exists again, as the newest.
func (s *Server) AddTasks(ids ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tasks.add(ids)
}

// Tasks returns the ids of the tasks that exist now, in the order they were
// added.
func (s *Server) Tasks() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tasks.list()
}

// RefuseTasks makes the service refuse to delete these ids, whether they exist
// or not: a batch that holds one of them is answered HTTP 200 with code 1000
// and data.status "Failed", and nothing of it is deleted.
func (s *Server) RefuseTasks(ids ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tasks.refuse(ids)
}

// Format prints the URL, whatever the verb.
func (s *Server) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "fakeapi.Server(%s)", s.URL) }
