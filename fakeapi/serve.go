package fakeapi

import (
	"context"
	"io"
	"net/http"
	"time"
)

// maxBody is the most that a request's body may hold: 200,000 ids of 80 bytes.
const maxBody = 16 << 20

// call is one request on its way through the server.
type call struct {
	entry   *entry
	keys    scrubber
	fault   Fault
	body    []byte
	op      *operation // nil if refused
	refusal *answer    // nil if the request can be carried out
	breach  string
}

// serve is the handler of every request: record, read, check, and then answer
// or fail as the fault says.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	if !s.enter() {
		panic(http.ErrAbortHandler)
	}
	defer s.handlers.Done()
	c := s.arrive(r)
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err == nil {
		c.body = body
	}
	s.inspect(c, r, err)
	s.record(c)
	if s.report != nil && c.breach != "" {
		s.report("fakeapi: %s %q breaks the contract: %s", r.Method, c.entry.request.Path, c.breach)
	}
	s.respond(w, r, c)
}

// arrive records the request and takes its fault in one step, so that both
// follow the same order.
func (s *Server) arrive(r *http.Request) *call {
	header, keys := redact(r.Header, s.contract.secret)
	request := Request{Method: r.Method, Proto: r.Proto, Header: header,
		Path: keys.scrub(r.URL.EscapedPath()), Query: keys.scrub(r.URL.RawQuery)}
	s.mu.Lock()
	defer s.mu.Unlock()
	return &call{entry: s.journal.add(request), keys: keys, fault: s.faults.next()}
}

// record adds to the entry what became known since the request arrived.
func (s *Server) record(c *call) {
	body := c.keys.scrubBytes(c.body)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.journal.setBody(c.entry, body)
	c.entry.request.Breach = c.breach
}

func (s *Server) respond(w http.ResponseWriter, r *http.Request, c *call) {
	switch c.fault.kind {
	case faultRespond:
		s.send(w, c, c.fault.answer)
	case faultDropRequest:
		panic(http.ErrAbortHandler)
	case faultDropAnswer:
		s.carryOut(c)
		panic(http.ErrAbortHandler)
	case faultTruncate:
		a := s.carryOut(c)
		s.sendPart(w, c, a, len(a.body)/2)
	case faultDelay:
		if !s.wait(r.Context(), c.fault.delay) {
			panic(http.ErrAbortHandler)
		}
		s.send(w, c, s.carryOut(c))
	default:
		s.send(w, c, s.carryOut(c))
	}
}

// carryOut does what the request asks for, unless it is refused.
func (s *Server) carryOut(c *call) answer {
	if c.refusal != nil {
		return *c.refusal
	}
	if handle, ok := handlers[c.op.id]; ok {
		return handle(s, c)
	}
	return c.op.sample()
}

func (s *Server) send(w http.ResponseWriter, c *call, a answer) { s.sendPart(w, c, a, len(a.body)) }

// sendPart notes the status before it sends anything: a client that has its
// answer finds the request complete in the journal.
func (s *Server) sendPart(w http.ResponseWriter, c *call, a answer, sent int) {
	s.mu.Lock()
	c.entry.request.Status = a.status
	s.mu.Unlock()
	a.with(c.fault.header).send(w, sent)
}

// wait reports whether d passed before the client went away or the server
// began to close.
func (s *Server) wait(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	case <-s.closing:
		return false
	}
}
