package fakeapi

import (
	"io"
	"net/http"
)

// maxBody is the most that a request's body may hold: 200,000 ids of 80 bytes.
const maxBody = 16 << 20

// call is one request on its way through the server.
type call struct {
	entry   *entry
	keys    scrubber
	fault   Fault
	body    []byte
	value   any        // of a JSON body or a form, decoded
	op      *operation // nil if refused
	refusal *answer    // nil if the request can be carried out
	breach  string
}

// serve is the handler of every request: record, read, check, and then answer
// or fail as the fault says.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
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
	s.api.respond(w, r, exchange{fault: c.fault, carryOut: func() answer { return s.carryOut(c) },
		note: func(status int) { s.note(c, status) }})
}

// arrive records the request and takes its fault in one step, so that both
// follow the same order.
func (s *Server) arrive(r *http.Request) *call {
	keys := credentials(r.Header, s.contract.secret)
	for _, key := range keys {
		s.known.add(sumOf(key))
	}
	request := requestOf(r, s.contract.secret, keys)
	s.mu.Lock()
	defer s.mu.Unlock()
	return &call{entry: s.journal.add(request), keys: keys, fault: s.faults.next(Fault{})}
}

// record adds to the entry what became known since the request arrived.
func (s *Server) record(c *call) {
	body := c.keys.scrubBytes(c.body)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.journal.setBody(c.entry, body)
	c.entry.request.Breach = c.breach
}

func (s *Server) note(c *call, status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.entry.request.Status = status
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
