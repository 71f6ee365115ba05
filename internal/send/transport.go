package send

import (
	"cmp"
	"net/http"
	"time"
)

// MaxHeaderBytes bounds the header of a response in the transports made here.
const MaxHeaderBytes = 64 << 10

// MaxConnections is how many connections the transport of [NewClient] holds to
// the service. Requests over HTTP/1.1 that find all of them busy wait. It is far
// above what any plan allows (8 tasks at a time).
const MaxConnections = 64

// newTransport is http.DefaultTransport (proxy, HTTP/2 and dial timeouts kept)
// with a pool of MaxConnections, all of which may be idle.
func newTransport() http.RoundTripper {
	t, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return http.DefaultTransport
	}
	t = Quiet(t)
	t.MaxIdleConns = 0
	t.MaxIdleConnsPerHost = MaxConnections
	t.MaxConnsPerHost = MaxConnections
	t.MaxResponseHeaderBytes = MaxHeaderBytes
	t.OnProxyConnectResponse = refuseConnect(t.OnProxyConnectResponse)
	return t
}

// DefaultTransport returns http.DefaultTransport, or one like it where the
// program has put another type there, which may add credentials. Clone it before
// changing it.
func DefaultTransport() *http.Transport {
	if t, ok := http.DefaultTransport.(*http.Transport); ok {
		return t
	}
	return &http.Transport{
		Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true,
		TLSHandshakeTimeout: 10 * time.Second, IdleConnTimeout: 90 * time.Second,
	}
}

// NewClient returns a copy of hc that follows no redirect, for [Sender].Client,
// and the timeout of one attempt: timeout or, if that is 0, hc's own.
//
// Requests share the connections of hc's transport, except those with Close set.
// An *http.Transport with a Proxy function other than [http.ProxyFromEnvironment]
// is copied at the first request instead, so that the function is called once for
// each request: the copy has a pool of its own, which the CloseIdleConnections
// method of the returned client closes, and that of hc does not.
func NewClient(hc *http.Client, timeout time.Duration) (*http.Client, time.Duration) {
	c := *hc
	timeout = cmp.Or(timeout, hc.Timeout)
	c.Timeout = 0 // net/http would keep a timer and a goroutine for each request
	private := c.Transport == nil
	if private {
		c.Transport = newTransport()
	}
	conns := newConnections(c.Transport)
	conns.private = private
	c.Transport = noRedirect{conns}
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &c, timeout
}

// Through returns d as it is for [Sender].Client, unless it is an [http.Client]:
// that is copied as [NewClient] does, and nil stands for one with this timeout. The
// second result is the timeout of one attempt.
func Through(d Doer, timeout time.Duration) (Doer, time.Duration) {
	hc, isClient := d.(*http.Client)
	switch {
	case d == nil, isClient && hc == nil:
		return NewClient(&http.Client{}, timeout)
	case isClient:
		return NewClient(hc, 0)
	}
	return d, 0
}

// noRedirect takes the Location out of a redirect. net/http parses it before
// it asks CheckRedirect, and hides the response if it can't.
type noRedirect struct{ next http.RoundTripper }

func (t noRedirect) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := t.next.RoundTrip(req)
	if err == nil && resp != nil && resp.StatusCode >= 300 && resp.StatusCode <= 399 {
		resp.Header.Del("Location")
	}
	return resp, err
}

// CloseIdleConnections closes those of next.
func (t noRedirect) CloseIdleConnections() { closeIdle(t.next) }

// closeIdle closes the idle connections of rt if it can.
func closeIdle(rt http.RoundTripper) {
	if c, ok := rt.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}
