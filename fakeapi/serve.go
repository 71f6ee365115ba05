package fakeapi

import (
	"io"
	"net/http"

	"github.com/tensorslab/tensorslab-go/internal/contract"
)

// maxBody is the most that a body other than a form may have: 200,000 ids of
// 80 bytes.
const maxBody = 16 << 20

// maxValues bounds the time and the memory that a JSON body takes: a value may
// have two bytes of text and takes a hundred of memory.
const maxValues = 1 << 18

// call is one request on its way through the server.
type call struct {
	entry     *entry
	keys      scrubber
	fault     Fault
	body      []byte              // of a form the first bytes only
	form      *form               // nil if the body is none
	value     any                 // of a JSON body or a form, decoded
	document  *document           // the contract that has the operation; nil if none has it
	op        *contract.Operation // nil if refused
	refusal   *response           // nil if the request can be carried out
	violation string
}

// serve handles every request to the API: it records, reads and checks the
// request, and then responds or fails as the fault says.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	d, op, pathValues, allow := s.documents.find(r.Method, r.URL.EscapedPath())
	c := s.arrive(r, op)
	c.document = d
	s.admit(c, r, op, allow)
	err := c.read(w, r, op)
	if c.refusal == nil {
		c.inspect(r, op, pathValues, err)
	}
	s.record(c)
	if s.strict && c.violation != "" {
		s.report("fakeapi: %s %q violates the contract: %s", r.Method, c.entry.request.Path, c.violation)
	}
	s.api.respond(w, r, exchange{fault: c.fault, carryOut: func() response { return s.carryOut(c) },
		record: func(status int) { s.recordStatus(c, status) }})
}

// read reads the body, hashing the files of a form as they pass; op is nil if
// the request has no operation.
func (c *call) read(w http.ResponseWriter, r *http.Request, op *contract.Operation) error {
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
	reader := formReader{kept: kept}
	if op != nil {
		reader.fields = op.FormFields()
	}
	c.form, err = reader.read(http.MaxBytesReader(w, r.Body, maxForm), params["boundary"])
	c.body = c.form.kept
	return err
}

// arrive records the request and takes its fault in one step, so that both
// follow the same order.
func (s *Server) arrive(r *http.Request, op *contract.Operation) *call {
	keys := credentials(carriedBy(r, s.secret), s.secret)
	for _, key := range keys {
		s.known.add(key)
	}
	request := requestOf(r, s.secret, keys)
	if op != nil {
		request.OperationID = op.ID
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tally.Calls[request.OperationID]++
	return &call{entry: s.journal.add(request), keys: keys, fault: s.nextFault(op)}
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
	c.entry.request.Breach = c.violation
	if c.violation != "" {
		s.tally.Breaches++
	}
}

func (s *Server) recordStatus(c *call, status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.entry.request.Status = status
}

// carryOut does what the request asks for, unless it was refused.
func (s *Server) carryOut(c *call) response {
	if c.refusal != nil {
		return *c.refusal
	}
	if handle, ok := c.document.handlers[c.op.ID]; ok {
		return handle(s, c)
	}
	return sample(c.op)
}
