package fakeapi

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"

	"github.com/tensorslab/tensorslab-go/internal/contract"
)

// Server is a running fake. It is safe for concurrent use; printed, it shows
// its URL and nothing else.
type Server struct {
	// URL is the base URL: scheme, host and port, with no trailing slash.
	URL string

	documents     documents
	secret        map[string]bool // canonical names of headers
	key           string          // any is accepted if empty
	known         *knownKeys
	ignoreUnknown bool
	life          TaskLife
	maxTasks      int // no limit if 0
	fullPlan      response
	strict        bool
	report        func(format string, args ...any) // the Errorf of the test; nil if there is none

	api       endpoint
	images    *ImageHost
	transport *http.Transport
	closeOnce sync.Once

	mu      sync.Mutex // guards what follows
	journal *journal
	faults  queue[Fault]
	aimed   map[*contract.Operation]queue[Fault]
	calls   aims
	tally   Tally
	lives   queue[TaskLife]
	tasks   *tasks
	credits int // unlimited if negative
}

// NewServer returns a running server, which the caller has to close. It
// returns one error for all that is wrong with the options, an error if the
// contract of [WithContract] is not valid, and an error if the address cannot
// be listened on.
func NewServer(opts ...Option) (*Server, error) { return newServer(nil, opts) }

func newServer(tb TB, opts []Option) (*Server, error) {
	cfg, err := newConfig(tb, opts)
	if err != nil {
		return nil, err
	}
	s := &Server{key: cfg.key, known: newKnownKeys(cfg.key), ignoreUnknown: cfg.ignoreUnknown, strict: cfg.strict,
		life: cfg.life, credits: cfg.credits, maxTasks: cfg.maxTasks, fullPlan: cfg.fullPlan,
		tally: Tally{Calls: make(map[string]int)},
		tasks: newTasks(cfg.tasks), journal: newJournal(), aimed: make(map[*contract.Operation]queue[Fault])}
	s.tasks.generated = cfg.firstTask - 1
	if s.documents, err = documentsOf(cfg.contract); err != nil {
		return nil, fmt.Errorf("fakeapi: %w", err)
	}
	s.secret = s.documents.secret()
	if tb != nil {
		s.report = tb.Errorf
	}
	s.images = newImageHost(s)
	s.api.latency, s.images.endpoint.latency = cfg.latency, cfg.latency
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
		secure = &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}}
		if cfg.http2 {
			secure.NextProtos = []string{"h2", "http/1.1"}
		}
		s.transport.TLSClientConfig = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
	}
	if err := s.api.listen(cfg.addr, protocols, secure); err != nil {
		return err
	}
	if err := s.images.endpoint.listen(net.JoinHostPort(host, "0"), protocols, secure); err != nil {
		return errors.Join(err, s.api.server.Listener.Close())
	}
	s.images.endpoint.server.Config.MaxHeaderBytes = maxImageHeader
	return nil
}

// Close stops the server and its image host: it ends open connections, waits
// for the requests being handled, and leaves no goroutine behind. It may be
// called again. The error is always nil, so that a Server is an io.Closer.
func (s *Server) Close() error {
	s.closeOnce.Do(func() {
		s.api.close()
		s.images.endpoint.close()
		s.transport.CloseIdleConnections()
	})
	return nil
}

// Client returns a new HTTP client that trusts the server's certificate, uses
// no proxy, and speaks HTTP/2 if the server does. It reaches the image host as
// well. All of them share one pool of connections, which Close closes.
func (s *Server) Client() *http.Client { return &http.Client{Transport: s.transport} }

// Connections returns how many connections were accepted so far, without those
// of the image host.
func (s *Server) Connections() int { return s.api.connections() }

// AddTasks adds tasks. One that exists already is left as it is; one that was
// deleted exists again, as the newest.
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
// or not: the response to a batch with one of them is HTTP 200 with code 1000
// and data.status "Failed", and nothing of the batch is deleted.
func (s *Server) RefuseTasks(ids ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tasks.refuse(ids)
}

// Format prints the URL, whatever the verb.
func (s *Server) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "fakeapi.Server(%s)", s.URL) }
