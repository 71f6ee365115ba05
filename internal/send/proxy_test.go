package send

import (
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
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
		if got := newTrace().notSent(&net.OpError{Op: op, Err: io.EOF}); got != want {
			t.Errorf("%s: not sent: %t", op, got)
		}
	}
}
