package fakeapi

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// The journal is bounded, so that a server can run for long.
const (
	maxRequests      = 10_000
	maxRequestsBytes = 64 << 20
	// What a name or a value in a map and an upload take besides their bytes:
	// a request may have many that are short.
	headerOverhead = 64
	uploadOverhead = 128
)

// Request is a record of a request that the server received. The values of
// Authorization, Proxy-Authorization and the contract's other credential headers
// and query parameters are replaced by "[redacted]", or "Bearer [redacted]" in that
// form. So is the same credential anywhere else in the request, if it has 8 bytes or
// more.
type Request struct {
	// OperationID is the operationId of the contract; empty if it has no such
	// operation, and for the image host.
	OperationID string
	// Time is when the header had arrived.
	Time   time.Time
	Method string
	Path   string // as it was sent, without the query
	Query  string // as it was sent, without the question mark
	Proto  string // such as HTTP/1.1
	Header http.Header
	// Body is the first 64 KiB of a multipart/form-data body, and the whole of
	// any other body; it is empty if that was over the limit of 16 MiB.
	Body    []byte
	Uploads []Upload // the files of a multipart/form-data body, in their order
	Status  int      // the HTTP status of the response; 0 if none was sent yet
	Breach  string   // how the request violates the contract; empty if it does not
}

// String returns the request line and the status, on one line.
func (r Request) String() string {
	return fmt.Sprintf("%s %q %s: status %d", r.Method, r.Path, r.Proto, r.Status)
}

// Requests returns copies of the requests received, in the order they arrived:
// the last 10,000, and fewer of them once they hold more than 64 MiB.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.journal.list()
}

// ResetRequests forgets the requests received so far.
func (s *Server) ResetRequests() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.journal.reset()
}

// journal keeps requests in the order they arrived, up to two limits.
type journal struct {
	maxCount, maxBytes int
	entries            []*entry
	bytes              int
}

type entry struct {
	request Request
	size    int
	dropped bool // no longer in the journal
}

func newJournal() *journal { return &journal{maxCount: maxRequests, maxBytes: maxRequestsBytes} }

// add keeps a request whose body is not read yet.
func (j *journal) add(r Request) *entry {
	e := &entry{request: r, size: headSize(r)}
	j.entries = append(j.entries, e)
	j.bytes += e.size
	j.trim()
	return e
}

// setBody completes an entry with its body, which is not copied.
func (j *journal) setBody(e *entry, body []byte, uploads []Upload) {
	if e.dropped {
		return
	}
	e.request.Body, e.request.Uploads = body, uploads
	size := len(body)
	for _, u := range uploads {
		size += uploadOverhead + u.textSize()
	}
	e.size += size
	j.bytes += size
	j.trim()
}

// trim drops the oldest entries until the rest is within the limits, or is one.
func (j *journal) trim() {
	for len(j.entries) > 1 && (len(j.entries) > j.maxCount || j.bytes > j.maxBytes) {
		j.drop()
	}
}

func (j *journal) drop() {
	oldest := j.entries[0]
	oldest.dropped = true
	j.bytes -= oldest.size
	j.entries[0] = nil // the slice's array outlives the entry
	j.entries = j.entries[1:]
}

func (j *journal) reset() {
	for len(j.entries) > 0 {
		j.drop()
	}
	j.entries = nil
}

func (j *journal) list() []Request {
	list := make([]Request, 0, len(j.entries))
	for _, e := range j.entries {
		r := e.request
		r.Header = r.Header.Clone()
		r.Body = bytes.Clone(r.Body)
		r.Uploads = slices.Clone(r.Uploads)
		list = append(list, r)
	}
	return list
}

func headSize(r Request) int {
	size := len(r.Method) + len(r.Path) + len(r.Query)
	for name, values := range r.Header {
		size += headerOverhead + len(name)
		for _, value := range values {
			size += headerOverhead + len(value)
		}
	}
	return size
}
