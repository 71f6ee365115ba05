package fetch

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/send"
	"github.com/tensorslab/tensorslab-go/internal/testkit"
)

// resolving is a DNS server that leads every name to the next of addrs each
// time it is looked up, and to the last from then on.
func resolving(t *testing.T, addrs ...string) *net.Resolver {
	t.Helper()
	var lookups atomic.Int32
	serve := func(conn net.Conn) {
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
			n := int(lookups.Load())
			if isForIPv4(query) {
				n = int(lookups.Add(1)) - 1
			}
			reply := dnsReply(query, netip.MustParseAddr(addrs[min(n, len(addrs)-1)]))
			if _, err := conn.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(reply))), reply...)); err != nil {
				return
			}
		}
	}
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		client, server := net.Pipe() // not a PacketConn, so that messages come as over TCP
		go serve(server)
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

// guardedBy returns a Fetcher to which 127.0.0.1 alone is public, and which keeps no
// connection.
func guardedBy(t *testing.T, resolver *net.Resolver, o Options) *Fetcher {
	t.Helper()
	g := &dialGuard{resolver: resolver, check: func(a netip.Addr) error {
		if a == netip.MustParseAddr("127.0.0.1") {
			return nil
		}
		return &NotPublicError{Reason: "another address"}
	}}
	f := newFetcher(withTestDefaults(o), g)
	if own, ok := f.transport().(*http.Transport); ok {
		own.DisableKeepAlives = true
	}
	return f
}

// A public host can't send us to one that is not: by address, by a name, or by its
// own name, which leads elsewhere the second time.
func TestRedirectsToPrivateAddressesOverSockets(t *testing.T) {
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
			port = host.Port()
			var got strings.Builder
			n, failed := guardedBy(t, resolving(t, "127.0.0.1", "127.0.0.2"), Options{}).get(t.Context(), parse(t, "http://images.test:"+port+"/a.png"), &got)
			if n != 0 || got.Len() != 0 || failed == nil || !errors.Is(failed.Err, ErrPrivate) || strings.Contains(failed.Err.Error(), "secret") || requests.Load() != 1 {
				t.Errorf("%d, %+v after %d requests", n, failed, requests.Load())
			}
		})
	}
}

func TestGetGoesWhereAPublicNameLeads(t *testing.T) {
	t.Parallel()
	host, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.Host, "images.test:") {
			t.Errorf("a request for %s", r.Host)
		}
		_, _ = io.WriteString(w, picture(9))
	})
	n, failed := guardedBy(t, resolving(t, "127.0.0.1"), Options{}).get(t.Context(), parse(t, "http://images.test:"+host.Port()+"/a.png"), io.Discard)
	if n != 9 || failed != nil {
		t.Errorf("%d, %+v", n, failed)
	}
}

// A transport whose dialing can't be guarded is used only after the names have been
// looked up, before each request.
func TestNamesAreLookedUpForOtherTransports(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		addrs    []string
		is       error
		requests int
	}{
		"public":            {[]string{"127.0.0.1"}, nil, 2},
		"private":           {[]string{"127.0.0.2"}, ErrPrivate, 0},
		"private redirect":  {[]string{"127.0.0.1", "127.0.0.2"}, ErrPrivate, 1},
		"metadata redirect": {[]string{"127.0.0.1", "169.254.169.254"}, ErrPrivate, 1},
	} {
		requests := 0
		transport := roundTripper(func(req *http.Request) (*http.Response, error) {
			requests++
			if req.URL.Path == "/a" {
				return &http.Response{StatusCode: 302, Header: http.Header{"Location": {"https://other.test/b"}}, Body: http.NoBody}, nil
			}
			return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(png))}, nil
		})
		_, failed := guardedBy(t, resolving(t, tt.addrs...), Options{Transport: transport}).get(t.Context(), parse(t, "https://images.test/a"), io.Discard)
		if !errors.Is(errorOf(failed), tt.is) || requests != tt.requests {
			t.Errorf("%s: %+v after %d requests", name, failed, requests)
		}
	}
}

// A transport's own functions to dial would lead past the guard.
func TestDialGuardReplacesDialing(t *testing.T) {
	t.Parallel()
	host, requests := serve(t, func(http.ResponseWriter, *http.Request) {})
	dial := func(ctx context.Context, network, _ string) (net.Conn, error) {
		t.Error("the transport's own dialing was used")
		return new(net.Dialer).DialContext(ctx, network, host.Host)
	}
	f := New(Options{Transport: &http.Transport{DialContext: dial, DialTLSContext: dial}})
	for _, target := range []string{host.String(), "http://[::1]:1/", "http://127.1.2.3:1/", "https://127.0.0.1:1/"} {
		resp, err := f.request(t.Context(), parse(t, target))
		if !errors.Is(err, ErrPrivate) {
			if resp != nil {
				resp.Body.Close()
			}
			t.Errorf("%s: %v", target, err)
		}
	}
	if requests.Load() != 0 {
		t.Error("a request got through")
	}
}

// A proxy may be on a private address. Of what is behind it only the name is checked.
func TestDialGuardReachesProxies(t *testing.T) {
	t.Parallel()
	proxy, requests := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Host != "images.test" {
			t.Errorf("the proxy got a request for %s", r.URL)
		}
		_, _ = io.WriteString(w, picture(9))
	})
	through := func(req *http.Request) (*url.URL, error) {
		if req.URL.Host == "direct.test:"+proxy.Port() {
			return nil, nil
		}
		return proxy, nil
	}
	f := newFetcher(withTestDefaults(Options{Transport: &http.Transport{Proxy: through}}), &dialGuard{resolver: resolving(t, "127.0.0.1"), check: allowed(nil).check})
	t.Cleanup(f.CloseIdleConnections)
	for target, want := range map[string]error{
		"http://images.test/a.png": nil, "http://127.0.0.1/a.png": ErrPrivate, "http://127.1/": ErrPrivate, "http://0x7f.1/": ErrPrivate,
		"http://localhost./": ErrPrivate, "http://127.0.0.1./": ErrPrivate, "http://metadata.google.internal/": ErrPrivate, "http://intranet/": ErrPrivate,
		"http://direct.test:" + proxy.Port() + "/": ErrPrivate, // the proxy itself, past the proxy
	} {
		if n, failed := f.get(t.Context(), parse(t, target), io.Discard); !errors.Is(errorOf(failed), want) || failed == nil && n != 9 {
			t.Errorf("%s: %d, %+v", target, n, failed)
		}
	}
	if requests.Load() != 1 {
		t.Errorf("%d requests to the proxy", requests.Load())
	}
}

// What can't be looked up can't be checked, so that no request is sent.
func TestHostsThatCannotBeLookedUp(t *testing.T) {
	t.Parallel()
	resolver := &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) { return nil, io.ErrUnexpectedEOF }}
	f := guardedBy(t, resolver, Options{Transport: roundTripper(func(*http.Request) (*http.Response, error) {
		t.Error("a request was sent")
		return nil, io.EOF
	})})
	_, failed := f.get(t.Context(), parse(t, "https://images.test/a"), io.Discard)
	if !errors.As(errorOf(failed), new(*net.DNSError)) {
		t.Errorf("%+v", failed)
	}
}

// The transport that was given stays as it is.
func TestTheTransportIsCopied(t *testing.T) {
	t.Parallel()
	given := &http.Transport{}
	used := New(Options{Transport: given}).transport().(*http.Transport)
	if used == given || given.DisableCompression || given.MaxResponseHeaderBytes != 0 || given.DialContext != nil {
		t.Errorf("the transport is changed, or used as it is: %+v", given)
	}
	if !used.DisableCompression || used.MaxResponseHeaderBytes != send.MaxHeaderBytes || used.DialContext == nil {
		t.Errorf("the copy is %+v", used)
	}
	other := roundTripper(given.RoundTrip)
	if _, guarded := New(Options{Transport: other}).transport().(*resolvingGuard); !guarded {
		t.Error("another transport is not guarded")
	}
	if _, guarded := New(Options{Transport: other, AllowPrivate: true}).transport().(*resolvingGuard); guarded {
		t.Error("another transport is guarded, though private addresses are allowed")
	}
}

// A host that sends something between two requests is not printed to the standard logger,
// since that may be an address that it signed.
func TestTransportIsQuietBetweenRequests(t *testing.T) { //nolint:paralleltest // the standard logger is shared
	var printed strings.Builder
	before := log.Writer()
	log.SetOutput(&printed)
	t.Cleanup(func() { log.SetOutput(before) })
	between, closed := make(chan struct{}), make(chan struct{})
	host := testkit.Listen(t, func(c *testkit.Conn) {
		if _, _, ok := c.ReadRequest(); ok {
			c.Send("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n" + png)
			<-between
			c.Send("GET /a.png?sig=secret")
			c.Stall()
			close(closed)
		}
	})
	if _, failed := loopback(t, Options{}).get(t.Context(), parse(t, "http://"+host+"/a.png"), io.Discard); failed != nil {
		t.Fatalf("%+v", failed)
	}
	close(between)
	<-closed
	if printed.Len() > 0 {
		t.Errorf("printed %s", printed.String())
	}
}
