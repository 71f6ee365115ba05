package fakeapi

import (
	"io"
	"net/http"
)

// maxBody is the most that a body other than a form may hold: 200,000 ids of
// 80 bytes.
const maxBody = 16 << 20

// call is one request on its way through the server.
type call struct {
	entry   *entry
	keys    scrubber
	fault   Fault
	body    []byte     // the first bytes only if it is a form
	form    *form      // nil if the body is none
	value   any        // of a JSON body or a form, decoded
	op      *operation // nil if refused
	refusal *answer    // nil if the request can be carried out
	breach  string
}

// serve is the handler of every request: record, read, check, and then answer
// or fail as the fault says.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	c := s.arrive(r)
	op, pathValues := s.route(c, r)
	err := c.read(w, r, op)
	if c.refusal == nil {
		c.inspect(r, op, pathValues, err)
	}
	s.record(c)
	if s.report != nil && c.breach != "" {
		s.report("fakeapi: %s %q breaks the contract: %s", r.Method, c.entry.request.Path, c.breach)
	}
	s.api.respond(w, r, exchange{fault: c.fault, carryOut: func() answer { return s.carryOut(c) },
		note: func(status int) { s.note(c, status) }})
}

// read takes in the body, of a form in passing; op is nil if there is none.
func (c *call) read(w http.ResponseWriter, r *http.Request, op *operation) error {
	mediaType, params, err := mediaTypeOf(r.Header)
	if err != nil || mediaType != formType {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if err == nil {
			c.body = body
		}
		return err
	}
	if r.ContentLength > maxForm {
		return &http.MaxBytesError{Limit: maxForm}
	}
	// A key that begins within what is kept is seen whole, and so redacted.
	kept := keptForm
	for _, key := range c.keys {
		kept = max(kept, keptForm+len(key))
	}
	c.form, err = readForm(http.MaxBytesReader(w, r.Body, maxForm), params["boundary"], op.schemaOf(r.Header), kept)
	c.body = c.form.kept
	return err
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
	var uploads []Upload
	if c.form != nil {
		body = body[:min(len(body), keptForm)]
		uploads = c.keys.scrubUploads(c.form.uploads)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.journal.setBody(c.entry, body, uploads)
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
