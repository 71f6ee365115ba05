package fakeapi

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
)

// Server is a running fake. It is safe for concurrent use; printed, it shows
// its URL and nothing else.
type Server struct {
	// URL is the base URL: scheme, host and port, with no trailing slash.
	URL string

	contract      *contract
	key           *keySum
	known         *knownKeys
	ignoreUnknown bool
	life          TaskLife
	report        func(format string, args ...any)

	api       endpoint
	images    *ImageHost
	transport *http.Transport
	closeOnce sync.Once
	closeErr  error

	mu      sync.Mutex // guards what follows
	journal *journal
	faults  queue[Fault]
	lives   queue[TaskLife]
	tasks   *tasks
	credits int // unlimited if negative
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
	s := &Server{key: cfg.key, known: newKnownKeys(cfg.key), ignoreUnknown: cfg.ignoreUnknown,
		life: cfg.life, credits: cfg.credits, tasks: newTasks(cfg.tasks), journal: newJournal()}
	if s.contract, err = contractOf(cfg.contract); err != nil {
		return nil, fmt.Errorf("fakeapi: %w", err)
	}
	s.images = newImageHost(s)
	if cfg.strict {
		s.report = tb.Errorf
	}
	if tb != nil {
		s.images.report = tb.Errorf
	}
	if err := s.listen(cfg); err != nil {
		return nil, fmt.Errorf("fakeapi: %w", err)
	}
	s.URL, s.images.URL = s.api.url, s.images.endpoint.url
	s.api.serve(s.serve)
	s.images.endpoint.serve(s.images.serve)
	return s, nil
}

// listen opens both sockets.
func (s *Server) listen(cfg config) error {
	host, _, err := net.SplitHostPort(cfg.addr)
	if err != nil {
		return err
	}
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	protocols.SetHTTP2(cfg.http2)
	s.transport = &http.Transport{Protocols: protocols, MaxIdleConnsPerHost: 100, IdleConnTimeout: idleTimeout}
	var secure *tls.Config
	if cfg.tls {
		cert, pool, err := newCertificate(host)
		if err != nil {
			return fmt.Errorf("make a certificate: %w", err)
		}
		secure = &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}
		s.transport.TLSClientConfig = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
	}
	if err := s.api.listen(cfg.addr, protocols, secure); err != nil {
		return err
	}
	if err := s.images.endpoint.listen(net.JoinHostPort(host, "0"), protocols, secure); err != nil {
		return errors.Join(err, s.api.listener.Close())
	}
	s.images.endpoint.http.MaxHeaderBytes = maxImageHeader
	return nil
}

// Close stops the server and its image host: it ends open connections, waits
// for the requests being handled, and leaves no goroutine behind. Calling it
// again returns the same result.
func (s *Server) Close() error {
	s.closeOnce.Do(func() {
		err := errors.Join(s.api.close(), s.images.endpoint.close())
		s.transport.CloseIdleConnections()
		if err != nil {
			s.closeErr = fmt.Errorf("fakeapi: close: %w", err)
		}
	})
	return s.closeErr
}

// Client returns a new HTTP client that trusts the server's certificate, uses
// no proxy, and speaks HTTP/2 if the server does. It reaches the image host as
// well. All of them share one pool of connections, which Close closes.
func (s *Server) Client() *http.Client { return &http.Client{Transport: s.transport} }

// Connections returns how many connections were accepted so far, those of the
// image host left out.
func (s *Server) Connections() int { return s.api.conns.count() }

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
