package send

import (
	"io"
	"net/http"
	"sync/atomic"
	"time"
)

// largeUpload is the size above which a request asks before it sends its body.
const largeUpload = 1 << 20

// expectTimeout is how long a request waits for the server's consent, for
// transports that set no time of their own: some servers never give it.
const expectTimeout = time.Second

// do sends req, which is a copy, through the client. An upload that is large, or of
// unknown size, waits for the server's consent (RFC 9110, section 10.1.1): else a server
// that refuses it early resets its own response away. The trace sees whether the body is
// read where that matters: of a large upload, and of a request with an effect each time
// that goes through a transport which may read it without reporting a connection.
func (s *Sender) do(req *http.Request, effect Effect, t *trace) (*http.Response, error) {
	getBody := req.GetBody
	asks := isLargeUpload(req) && req.Header.Get("Expect") == ""
	if effect == EachTime {
		req = alone(req)
	}
	if hasBody(req) && (asks || effect == EachTime && !s.alwaysReports()) {
		req.Body = &watchedBody{req.Body, &t.bodyRead}
	}
	if !asks {
		return s.Client.Do(req)
	}
	resp, err := s.Client.Do(expecting(req))
	if err != nil || resp == nil || resp.StatusCode != http.StatusExpectationFailed || getBody == nil || t.bodyRead.Load() {
		return resp, err
	}
	again := *req
	body, err := getBody()
	if err != nil {
		return resp, nil //nolint:nilerr // the response is the better reason
	}
	closeBody(resp)
	again.Body = &watchedBody{body, &t.bodyRead}
	return s.Client.Do(&again)
}

// alwaysReports reports whether requests of their own connection go through net/http alone, as
// those do that [NewClient] sends through an *http.Transport. Their bodies stay as they are:
// net/http sends one that it knows to be in memory together with the header.
func (s *Sender) alwaysReports() bool {
	client, ok := s.Client.(*http.Client)
	if !ok {
		return false
	}
	outer, _ := client.Transport.(noRedirect)
	inner, _ := outer.next.(*connections)
	if inner == nil {
		return false
	}
	_, ok = inner.next.(*http.Transport)
	return ok
}

func hasBody(req *http.Request) bool { return req.Body != nil && req.Body != http.NoBody }

// isLargeUpload reports whether the body of req is over 1 MB or of unknown size.
func isLargeUpload(req *http.Request) bool {
	return hasBody(req) && (req.ContentLength <= 0 || req.ContentLength > largeUpload)
}

// expecting returns a copy of req that expects 100 Continue before it sends its body.
func expecting(req *http.Request) *http.Request {
	asking := *req
	asking.Header = req.Header.Clone()
	if asking.Header == nil {
		asking.Header = http.Header{}
	}
	asking.Header.Set("Expect", "100-continue")
	return &asking
}

// watchedBody notes whether any of it was read, and so may have been sent.
type watchedBody struct {
	io.ReadCloser
	read *atomic.Bool
}

// Read notes the read before it happens.
func (b *watchedBody) Read(p []byte) (int, error) {
	b.read.Store(true)
	return b.ReadCloser.Read(p)
}
