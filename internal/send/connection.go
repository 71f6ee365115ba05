package send

import (
	"cmp"
	"context"
	"io"
	"net/http"
	"net/http/httptrace"
	"slices"
	"sync"
	"time"
)

// connections sends requests through next. Where that is an *http.Transport, a
// request with Close set gets a connection that no other request has used or
// will use. A pooled one may be closed by the server at the moment when it is
// taken, or hold a response that nobody asked for; after the one nobody knows
// whether the server acted, and the other would be taken for the response.
type connections struct {
	next    http.RoundTripper
	private bool          // next is ours, and nobody has registered a protocol with it
	slots   chan struct{} // one for each connection of its own; nil means no limit

	mu     sync.Mutex
	copied *http.Transport // see pool
}

// newConnections allows as many connections of their own at a time as next
// allows pooled ones.
func newConnections(next http.RoundTripper) *connections {
	c := &connections{next: next}
	if t, ok := next.(*http.Transport); ok && t.MaxConnsPerHost > 0 {
		c.slots = make(chan struct{}, t.MaxConnsPerHost)
	}
	return c
}

// RoundTrip implements [http.RoundTripper].
func (c *connections) RoundTrip(req *http.Request) (*http.Response, error) {
	t, ok := c.next.(*http.Transport)
	if !ok {
		return c.next.RoundTrip(req)
	}
	if c.private || req.Close || c.pool(t) != t {
		reports(req.Context())
	}
	p, err := passageOf(t, req)
	if err != nil {
		closeRequestBody(req)
		return nil, err
	}
	var resp *http.Response
	if watched := p.watch(req); req.Close {
		resp, err = c.alone(t, watched)
	} else {
		resp, err = c.pool(t).RoundTrip(watched)
	}
	return p.explain(req.Context(), resp, err)
}

// pool returns the transport with the pooled connections: t or, where asking t's
// Proxy function twice could make a difference, a copy that uses the proxy that
// was chosen. It is made at the first such request.
func (c *connections) pool(t *http.Transport) *http.Transport {
	if t.Proxy == nil || isFromEnvironment(t.Proxy) {
		return t
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.copied == nil {
		c.copied = Quiet(t)
		c.copied.Proxy = chosenProxy
		c.copied.IdleConnTimeout = cmp.Or(t.IdleConnTimeout, poolIdle)
	}
	return c.copied
}

// CloseIdleConnections closes those of next and of its copy.
func (c *connections) CloseIdleConnections() {
	closeIdle(c.next)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.copied != nil {
		c.copied.CloseIdleConnections()
	}
}

// alone sends req on a connection of its own.
func (c *connections) alone(t *http.Transport, req *http.Request) (*http.Response, error) {
	if err := c.acquire(req.Context(), req.URL.Host); err != nil {
		closeRequestBody(req)
		return nil, err
	}
	own := dedicated(t)
	end := sync.OnceFunc(func() {
		own.CloseIdleConnections()
		c.release()
	})
	resp, err := own.RoundTrip(req)
	if err != nil {
		end()
		return nil, err
	}
	resp.Body = &lastBody{resp.Body, end}
	return resp, nil
}

// acquire waits for a slot. It reports to the trace what the transport reports
// before it waits for a connection: as long as none is reported after that,
// nothing was sent.
func (c *connections) acquire(ctx context.Context, host string) error {
	if c.slots == nil {
		return nil
	}
	if trace := httptrace.ContextClientTrace(ctx); trace != nil && trace.GetConn != nil {
		trace.GetConn(host)
	}
	select {
	case c.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (c *connections) release() {
	if c.slots != nil {
		<-c.slots
	}
}

func closeRequestBody(req *http.Request) {
	if req.Body != nil {
		req.Body.Close()
	}
}

// alone returns a copy of req that is sent once, on a connection of its own.
//
// net/http sends a request a second time automatically where it has GetBody, and
// not only where the first was certainly not processed: PROTOCOL_ERROR on an
// HTTP/2 stream is enough for it, or a header named Idempotency-Key.
func alone(req *http.Request) *http.Request {
	own := *req
	own.GetBody = nil
	own.Close = true
	return &own
}

// lastBody is the body of the only response on a connection.
type lastBody struct {
	io.ReadCloser
	end func()
}

// Close closes the body and the connection.
func (b *lastBody) Close() error {
	defer b.end()
	return b.ReadCloser.Close()
}

// abandonedIdle is how long an HTTP/2 connection stays open whose request ended
// while it was being dialed.
const abandonedIdle = 2 * time.Second

// poolIdle is that of http.DefaultTransport. It bounds how long the copy of a
// transport without an IdleConnTimeout outlives its client.
const poolIdle = 90 * time.Second

// clone returns a copy of t that speaks the same protocols.
func clone(t *http.Transport) *http.Transport {
	own := t.Clone()
	if own.TLSClientConfig != nil { // whose copy shares the list, into which net/http writes
		own.TLSClientConfig.NextProtos = slices.Clone(own.TLSClientConfig.NextProtos)
	}
	if _, ok := t.TLSNextProto["h2"]; ok && t.Protocols == nil {
		own.ForceAttemptHTTP2 = true // as t does: it would not in a copy with a dialer or TLS settings
	}
	return own
}

// dedicated returns a copy of t for one request. A copy for several requests
// would let those over HTTP/2 take each other's connections.
func dedicated(t *http.Transport) *http.Transport {
	own := clone(t)
	own.Proxy = chosenProxy
	own.DisableKeepAlives = true
	own.MaxConnsPerHost = 0 // connections.slots limits them
	own.IdleConnTimeout = abandonedIdle
	own.ExpectContinueTimeout = cmp.Or(own.ExpectContinueTimeout, expectTimeout)
	own.OnProxyConnectResponse = refuseConnect(own.OnProxyConnectResponse)
	own.DialContext = patientDialer(own)
	return own
}
