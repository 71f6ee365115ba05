package wrapper

import (
	"bytes"
	"net/http"
	"strings"
	"sync/atomic"
)

// memo remembers the last answer of an operation that was found valid. A
// deletion is nearly always answered with the same bytes, and the same bytes
// under the same status and media type are valid again.
type memo struct{ last atomic.Pointer[validAnswer] }

type validAnswer struct {
	status      int
	contentType string
	body        []byte
}

// maxMemoBytes bounds what one operation keeps.
const maxMemoBytes = 4 << 10

// contentTypeOf is the Content-Type, or all of them where there are several,
// which together are none.
func contentTypeOf(resp *http.Response) string {
	if values := resp.Header["Content-Type"]; len(values) > 1 {
		return strings.Join(values, ", ")
	}
	return resp.Header.Get("Content-Type")
}

func (m *memo) knows(resp *http.Response, body []byte) bool {
	v := m.last.Load()
	return v != nil && v.status == resp.StatusCode && v.contentType == contentTypeOf(resp) && bytes.Equal(v.body, body)
}

// learn keeps body, which must not change any more.
func (m *memo) learn(resp *http.Response, body []byte) {
	if len(body) <= maxMemoBytes {
		m.last.Store(&validAnswer{resp.StatusCode, contentTypeOf(resp), body})
	}
}
