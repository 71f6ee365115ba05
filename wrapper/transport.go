package wrapper

import (
	"cmp"
	"net/http"
	"time"
)

// maxHeaderBytes bounds the header of an answer in the default transport.
const maxHeaderBytes = 64 << 10

// newTransport is http.DefaultTransport (proxy, HTTP/2 and dial timeouts kept)
// with a pool of MaxConnections, all of which may be idle.
func newTransport() http.RoundTripper {
	t, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return http.DefaultTransport
	}
	t = t.Clone()
	t.MaxIdleConns = 0
	t.MaxIdleConnsPerHost = MaxConnections
	t.MaxConnsPerHost = MaxConnections
	t.MaxResponseHeaderBytes = maxHeaderBytes
	return t
}

// plainTransport is http.DefaultTransport, or one like it where the program has
// put something else there, which may add credentials.
func plainTransport() *http.Transport {
	if t, ok := http.DefaultTransport.(*http.Transport); ok {
		return t
	}
	return &http.Transport{
		Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true,
		TLSHandshakeTimeout: 10 * time.Second, IdleConnTimeout: 90 * time.Second,
	}
}

// attemptBy returns the innermost doer. It sends through a copy of hc that
// follows no redirect; hc's own timeout holds if timeout is 0.
func attemptBy(hc *http.Client, timeout time.Duration, bytes int64) *limitDoer {
	c := *hc
	timeout = cmp.Or(timeout, hc.Timeout)
	c.Timeout = 0 // net/http would keep a timer and a goroutine for each request
	if c.Transport == nil {
		c.Transport = newTransport()
	}
	c.Transport = noRedirect{c.Transport}
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &limitDoer{next: &c, timeout: timeout, bytes: bytes}
}

// noRedirect takes the Location out of a redirect. net/http parses it before
// it asks CheckRedirect, and hides the answer if it can't.
type noRedirect struct{ next http.RoundTripper }

func (t noRedirect) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := t.next.RoundTrip(req)
	if err == nil && resp != nil && resp.StatusCode >= 300 && resp.StatusCode <= 399 {
		resp.Header.Del("Location")
	}
	return resp, err
}
