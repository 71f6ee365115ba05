package wrapper

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
)

// resolving is a DNS server that leads every name to the next of addrs each
// time it is asked, and to the last for ever.
func resolving(t *testing.T, addrs ...string) *net.Resolver {
	t.Helper()
	var asked atomic.Int32
	answer := func(conn net.Conn) {
		defer conn.Close()
		for {
			var size [2]byte
			if _, err := io.ReadFull(conn, size[:]); err != nil {
				return
			}
			query := make([]byte, binary.BigEndian.Uint16(size[:]))
			if _, err := io.ReadFull(conn, query); err != nil {
				return
			}
			n := int(asked.Load())
			if isForIPv4(query) {
				n = int(asked.Add(1)) - 1
			}
			reply := dnsReply(query, netip.MustParseAddr(addrs[min(n, len(addrs)-1)]))
			if _, err := conn.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(reply))), reply...)); err != nil {
				return
			}
		}
	}
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		client, server := net.Pipe() // not a PacketConn, so that messages come as over TCP
		go answer(server)
		return client, nil
	}}
}

// question is where the name in a DNS message ends (RFC 1035, 4.1.2).
func question(query []byte) int {
	i := 12
	for query[i] != 0 {
		i += int(query[i]) + 1
	}
	return i + 1
}

func isForIPv4(query []byte) bool { return query[question(query)+1] == 1 }

func dnsReply(query []byte, addr netip.Addr) []byte {
	end := question(query) + 4
	reply := append([]byte(nil), query[:end]...)
	copy(reply[2:12], []byte{0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0})
	if !isForIPv4(query) {
		return reply
	}
	reply[7] = 1
	reply = append(reply, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4)
	return append(reply, addr.AsSlice()...)
}

// guardedBy returns a client for whose downloads 127.0.0.1 alone is public, and
// which keeps no connection.
func guardedBy(t *testing.T, resolver *net.Resolver, p DownloadPolicy) *Client {
	t.Helper()
	c := newTestClient(t, "https://api.test", WithDownload(p))
	g := &dialGuard{resolver: resolver, public: func(a netip.Addr) bool { return a == netip.MustParseAddr("127.0.0.1") }}
	transport := c.downloads.policy.transport(g)
	if own, ok := transport.(*http.Transport); ok {
		own.DisableKeepAlives = true
	}
	c.downloads.transport = func() http.RoundTripper { return transport }
	return c
}

// An image host that is public can't send us to one that is not: by address, by
// a name, or by its own name, which leads elsewhere the second time.
func TestDownloadRefusesRedirectsToPrivateAddressesOverSockets(t *testing.T) {
	t.Parallel()
	for name, location := range map[string]string{
		"address": "http://127.0.0.1:%/secret", "metadata": "http://169.254.169.254/secret", "localhost": "http://localhost:%/secret",
		"another name": "http://evil.test:%/secret", "its own name": "/secret",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var port string
			host, requests := serve(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Location", strings.ReplaceAll(location, "%", port))
				w.WriteHeader(http.StatusFound)
			})
			address, _ := url.Parse(host)
			port = address.Port()
			var got strings.Builder
			n, err := guardedBy(t, resolving(t, "127.0.0.1", "127.0.0.2"), DownloadPolicy{}).Download(t.Context(), "http://images.test:"+port+"/a.png", &got)
			if n != 0 || got.Len() != 0 || !errors.Is(err, ErrPrivateHost) || strings.Contains(err.Error(), "secret") || requests.Load() != 1 {
				t.Errorf("%d, %v after %d requests", n, err, requests.Load())
			}
		})
	}
}

func TestDownloadGoesWhereAPublicNameLeads(t *testing.T) {
	t.Parallel()
	host, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.Host, "images.test:") {
			t.Errorf("asked for %s", r.Host)
		}
		_, _ = io.WriteString(w, "a picture")
	})
	address, _ := url.Parse(host)
	n, err := guardedBy(t, resolving(t, "127.0.0.1"), DownloadPolicy{}).Download(t.Context(), "http://images.test:"+address.Port()+"/a.png", io.Discard)
	if n != 9 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
}

// A transport that dials in a way of its own is asked only after the names
// have been looked up, before each hop.
func TestDownloadLooksUpNamesForOtherTransports(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		addrs    []string
		is       error
		requests int
	}{
		"public":            {[]string{"127.0.0.1"}, nil, 2},
		"private":           {[]string{"127.0.0.2"}, ErrPrivateHost, 0},
		"private redirect":  {[]string{"127.0.0.1", "127.0.0.2"}, ErrPrivateHost, 1},
		"metadata redirect": {[]string{"127.0.0.1", "169.254.169.254"}, ErrPrivateHost, 1},
	} {
		requests := 0
		transport := roundTripper(func(req *http.Request) (*http.Response, error) {
			requests++
			if req.URL.Path == "/a" {
				return &http.Response{StatusCode: 302, Header: http.Header{"Location": {"https://other.test/b"}}, Body: http.NoBody}, nil
			}
			return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader("x"))}, nil
		})
		c := guardedBy(t, resolving(t, tt.addrs...), DownloadPolicy{Transport: transport})
		_, err := c.Download(t.Context(), "https://images.test/a", io.Discard)
		if !errors.Is(err, tt.is) || requests != tt.requests {
			t.Errorf("%s: %v after %d requests", name, err, requests)
		}
	}
}

// A transport's own ways to dial would lead past the guard.
func TestDialGuardReplacesDialling(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a request got through") }))
	t.Cleanup(server.Close)
	dial := func(ctx context.Context, network, _ string) (net.Conn, error) {
		t.Error("the transport's own dialling was used")
		return new(net.Dialer).DialContext(ctx, network, server.Listener.Addr().String())
	}
	p, _ := DownloadPolicy{HTTPClient: &http.Client{Transport: &http.Transport{DialContext: dial, DialTLSContext: dial}}}.withDefaults()
	guarded := p.transport(&dialGuard{public: isPublic})
	for _, target := range []string{server.URL, "http://[::1]:1/", "http://127.1.2.3:1/", "https://127.0.0.1:1/"} {
		req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, target, nil)
		resp, err := guarded.RoundTrip(req)
		if !errors.Is(err, ErrPrivateHost) {
			closeBody(resp)
			t.Errorf("%s: %v", target, err)
		}
	}
}

// A proxy may stand on a private address: what is behind it is its own concern,
// but for what the name says.
func TestDialGuardReachesProxies(t *testing.T) {
	t.Parallel()
	proxy, requests := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Host != "images.test" {
			t.Errorf("the proxy was asked for %s", r.URL)
		}
		_, _ = io.WriteString(w, "a picture")
	})
	address, _ := url.Parse(proxy)
	through := func(req *http.Request) (*url.URL, error) {
		if req.URL.Host == "direct.test:"+address.Port() {
			return nil, nil
		}
		return address, nil
	}
	c := newTestClient(t, "https://api.test", WithDownload(DownloadPolicy{HTTPClient: &http.Client{Transport: &http.Transport{Proxy: through}}}))
	own := c.downloads.policy.transport(&dialGuard{resolver: resolving(t, "127.0.0.1"), public: isPublic}).(*http.Transport)
	c.downloads.transport = func() http.RoundTripper { return own }
	t.Cleanup(own.CloseIdleConnections)
	for target, want := range map[string]error{
		"http://images.test/a.png": nil, "http://127.0.0.1/a.png": ErrPrivateHost, "http://127.1/": ErrPrivateHost, "http://0x7f.1/": ErrPrivateHost,
		"http://localhost./": ErrPrivateHost, "http://127.0.0.1./": ErrPrivateHost, "http://metadata.google.internal/": ErrPrivateHost, "http://intranet/": ErrPrivateHost,
		"http://direct.test:" + address.Port() + "/": ErrPrivateHost, // the proxy itself, past the proxy
	} {
		if n, err := c.Download(t.Context(), target, io.Discard); !errors.Is(err, want) || err == nil && n != 9 {
			t.Errorf("%s: %d, %v", target, n, err)
		}
	}
	if requests.Load() != 1 {
		t.Errorf("%d requests to the proxy", requests.Load())
	}
}

// What can't be looked up can't be checked, so it is not asked.
func TestDownloadAsksNoHostThatCannotBeLookedUp(t *testing.T) {
	t.Parallel()
	resolver := &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) { return nil, io.ErrUnexpectedEOF }}
	c := guardedBy(t, resolver, DownloadPolicy{HTTPClient: &http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) {
		t.Error("a request was sent")
		return nil, io.EOF
	})}})
	_, err := c.Download(t.Context(), "https://images.test/a", io.Discard)
	if !errors.As(err, new(*DownloadError)) || !errors.As(err, new(*net.DNSError)) {
		t.Errorf("%v", err)
	}
}
