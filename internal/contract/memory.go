package contract

import (
	"bytes"
	"net/http"
	"sync/atomic"
)

// memory keeps the last response of an operation that was found valid: most
// responses of one operation are the same bytes, and the same bytes with the
// same status and media type are valid again.
type memory struct{ last atomic.Pointer[validResponse] }

type validResponse struct {
	status      int
	contentType string
	body        []byte
}

// maxMemory bounds, in bytes, what one operation keeps.
const maxMemory = 4 << 10

// Remembers reports whether resp with this body is the response that was
// remembered last.
func (o *Operation) Remembers(resp *http.Response, body []byte) bool {
	v := o.memory.last.Load()
	return v != nil && v.status == resp.StatusCode && v.contentType == contentTypeOf(resp) && bytes.Equal(v.body, body)
}

// Remember keeps a response in which [Operation.CheckResponse] found nothing,
// schema and all, in place of the one before. It keeps body itself, which must
// not change any more, and nothing if that is longer than 4 KiB.
func (o *Operation) Remember(resp *http.Response, body []byte) {
	if len(body) <= maxMemory {
		o.memory.last.Store(&validResponse{resp.StatusCode, contentTypeOf(resp), body})
	}
}
