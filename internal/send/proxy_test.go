package send

import (
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
)

func TestNotThrough(t *testing.T) {
	t.Parallel()
	refused := &net.OpError{Op: "proxyconnect", Net: "tcp", Err: syscall.ECONNREFUSED}
	untrusted := x509.UnknownAuthorityError{}
	tests := map[string]struct {
		err       error
		want      string
		permanent bool
	}{
		"a status":               {errors.New("Forbidden"), "the proxy refused the connection: 403 Forbidden", true},
		"a temporary status":     {errors.New("Bad Gateway"), "the proxy refused the connection: 502 Bad Gateway", false},
		"no text":                {errors.New(""), "no connection through the proxy", false},
		"other words":            {errors.New("Filtered"), "no connection through the proxy: Filtered", false},
		"an end":                 {io.EOF, "no connection through the proxy: EOF", false},
		"unreachable":            {refused, "the proxy is unreachable: connection refused", false},
		"known":                  {proxyRefusal(407), "the proxy refused the connection: 407 Proxy Authentication Required; its address lacks a user name and password, or has wrong ones", true},
		"unknown status":         {proxyRefusal(599), "the proxy refused the connection: 599", true},
		"the service, untrusted": {untrusted, untrusted.Error(), true},
		"the proxy, untrusted":   {&net.OpError{Op: "proxyconnect", Err: untrusted}, "the proxy is unreachable: " + untrusted.Error(), true},
	}
	for name, tt := range tests {
		got := notThrough(tt.err)
		if got.Error() != tt.want || IsTransient(got) == tt.permanent {
			t.Errorf("%s: %q, transient: %t", name, got, IsTransient(got))
		}
		if !errors.As(tt.err, new(*proxyError)) && !strings.Contains(tt.want, "refused the connection") && !errors.Is(got, tt.err) {
			t.Errorf("%s: the cause was lost", name)
		}
	}
}

func TestPassageOf(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		proxy, target string
		used, plain   bool
	}{
		"http":              {"http://p:1", "https://h", true, false},
		"http, plain":       {"http://p:1", "http://h", true, true},
		"https, plain":      {"https://p", "http://h", true, true},
		"socks5 is a wire":  {"socks5://p", "http://h", true, false},
		"socks5h is one":    {"socks5h://p", "https://h", true, false},
		"no proxy, plain":   {"", "http://h", false, false},
		"no proxy, not":     {"", "https://h", false, false},
		"IPv6 with a port":  {"http://[::1]:3128", "https://h", true, false},
		"a name and a user": {"http://u:p@proxy", "http://h", true, true},
	}
	for name, tt := range tests {
		transport := &http.Transport{Proxy: func(*http.Request) (*url.URL, error) {
			if tt.proxy == "" {
				return nil, nil
			}
			return url.Parse(tt.proxy)
		}}
		p, err := passageOf(transport, post(t.Context(), t, tt.target, ""))
		if err != nil || (p.proxy != nil) != tt.used || p.plain != tt.plain {
			t.Errorf("%s: %+v, %v", name, p, err)
		}
	}
	if p, err := passageOf(&http.Transport{}, post(t.Context(), t, "https://h", "")); err != nil || p.proxy != nil {
		t.Errorf("no Proxy function: %+v, %v", p, err)
	}
}

// A transport that reports nothing to the trace is believed if it could not connect.
func TestProxyThatAnotherTransportCannotReach(t *testing.T) {
	t.Parallel()
	for op, want := range map[string]bool{"dial": true, "proxyconnect": true, "read": false, "write": false} {
		if got := new(trace).notSent(&net.OpError{Op: op, Err: io.EOF}); got != want {
			t.Errorf("%s: not sent: %t", op, got)
		}
	}
}

// proxies starts n proxies, and returns a Proxy function that takes them in turn.
func proxies(t *testing.T, n int) (choose func(*http.Request) (*url.URL, error), calls *atomic.Int32, received []*atomic.Int32) {
	t.Helper()
	addresses := make([]*url.URL, n)
	for i := range n {
		address, requests := serve(t, status(200))
		addresses[i], _ = url.Parse(address)
		received = append(received, requests)
	}
	calls = new(atomic.Int32)
	return func(*http.Request) (*url.URL, error) {
		return addresses[int(calls.Add(1)-1)%n], nil
	}, calls, received
}

// A Proxy function that takes proxies in turn would leave out some of them if it
// were asked more than once for a request.
func TestProxyIsAskedOncePerRequest(t *testing.T) {
	t.Parallel()
	for name, effect := range map[string]Effect{"pooled": Once, "alone": EachTime} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			choose, calls, received := proxies(t, 2)
			client, _ := NewClient(&http.Client{Transport: &http.Transport{Proxy: choose}}, 0)
			t.Cleanup(client.CloseIdleConnections)
			s := &Sender{Client: client, MaxBytes: 100, Policy: quickly}
			for range 6 {
				if r := s.Send(post(t.Context(), t, "http://service.test/", "x"), effect, nil); r.Err != nil {
					t.Fatal(r.Err)
				}
			}
			if a, b := received[0].Load(), received[1].Load(); a != 3 || b != 3 || calls.Load() != 6 {
				t.Errorf("%d calls, %d and %d requests", calls.Load(), a, b)
			}
		})
	}
}

// A request is judged by the proxy that it went through. Here every second one
// goes directly, to a service that responds with 407 itself.
func TestRequestIsJudgedByItsOwnProxy(t *testing.T) {
	t.Parallel()
	refuse := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Proxy-Authenticate", "Basic")
		w.WriteHeader(http.StatusProxyAuthRequired)
	}
	service, direct := serve(t, refuse)
	address, proxied := serve(t, refuse)
	proxy, _ := url.Parse(address)
	var calls atomic.Int32
	client, _ := NewClient(&http.Client{Transport: &http.Transport{Proxy: func(*http.Request) (*url.URL, error) {
		if calls.Add(1)%2 == 1 {
			return proxy, nil
		}
		return nil, nil
	}}}, 0)
	t.Cleanup(client.CloseIdleConnections)
	s := &Sender{Client: client, MaxBytes: 100, Policy: quickly}
	for i, want := range []Outcome{NotSent, NotActed, NotSent, NotActed} {
		if r := s.Send(post(t.Context(), t, service, "x"), Once, nil); r.Outcome != want {
			t.Errorf("request %d: %v, want %v (%v)", i, r.Outcome, want, r.Err)
		}
	}
	if direct.Load() != 2 || proxied.Load() != 2 {
		t.Errorf("%d directly, %d through the proxy", direct.Load(), proxied.Load())
	}
}

// A pool is copied only where it must be, and once.
func TestPool(t *testing.T) {
	t.Parallel()
	given := &http.Transport{}
	c := newConnections(given)
	if c.pool(given) != given {
		t.Error("without a Proxy function the pool is not the user's own")
	}
	given.Proxy = http.ProxyFromEnvironment
	if c.pool(given) != given {
		t.Error("with http.ProxyFromEnvironment the pool is not the user's own")
	}
	given.Proxy, given.MaxConnsPerHost = http.ProxyURL(&url.URL{Scheme: "http", Host: "p:1"}), 7
	own := c.pool(given)
	if own == given || own != c.pool(given) || own.MaxConnsPerHost != 7 || own.DisableKeepAlives || own.IdleConnTimeout != poolIdle {
		t.Errorf("got %+v", own)
	}
	if proxy, err := given.Proxy(nil); err != nil || proxy.Host != "p:1" {
		t.Error("the user's transport was changed")
	}
	if proxy, err := own.Proxy(post(t.Context(), t, "http://h", "")); proxy != nil || err != nil {
		t.Errorf("a request for which no proxy was chosen goes to %v, %v", proxy, err)
	}
}

// The connections of the copy are closed as those of the user's transport are.
func TestCloseIdleConnectionsOfACopy(t *testing.T) {
	t.Parallel()
	address, closed := watchedServer(t)
	proxy, _ := url.Parse(address)
	client, _ := NewClient(&http.Client{Transport: &http.Transport{Proxy: http.ProxyURL(proxy)}}, 0)
	get(t, client, "http://service.test/")
	client.CloseIdleConnections()
	wantClosed(t, closed)
}
