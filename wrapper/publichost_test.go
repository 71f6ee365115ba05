package wrapper

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"sync/atomic"
	"testing"
)

func TestIsPublic(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"8.8.8.8": true, "1.1.1.1": true, "172.15.0.1": true, "172.32.0.1": true, "100.63.0.1": true, "100.128.0.1": true, "198.17.0.1": true,
		"2606:4700::1111": true, "2a00:1450:4001::200e": true, "64:ff9b::8.8.8.8": true, "::ffff:8.8.8.8": true,
		"127.0.0.1": false, "127.255.255.254": false, "10.1.2.3": false, "172.16.0.1": false, "172.31.255.255": false, "192.168.0.1": false,
		"169.254.169.254": false, "100.64.0.1": false, "0.0.0.0": false, "0.1.2.3": false, "224.0.0.1": false, "240.0.0.1": false, "255.255.255.255": false,
		"192.0.0.8": false, "192.0.2.1": false, "198.18.0.1": false, "198.51.100.1": false, "203.0.113.1": false,
		"::": false, "::1": false, "::7f00:1": false, "fe80::1": false, "fe80::1%eth0": false, "fc00::1": false, "fd00:ec2::254": false, "ff02::1": false, "fec0::1": false,
		"::ffff:127.0.0.1": false, "::ffff:10.0.0.1": false, "::ffff:169.254.169.254": false,
		"64:ff9b::127.0.0.1": false, "64:ff9b::169.254.169.254": false, "64:ff9b:1::1": false, "2002:7f00:1::": false, "2001:0:53aa::": false, "2001:db8::1": false,
	} {
		if got := isPublic(netip.MustParseAddr(text)); got != want {
			t.Errorf("%s is public: %t", text, got)
		}
	}
	for name, want := range map[string]bool{
		"example.com": true, "localhost.example.com": true, "8.8.8.8": true,
		"localhost": false, "LOCALHOST": false, "localhost.": false, "a.localhost": false, "127.0.0.1": false, "::1": false, "fe80::1%eth0": false,
	} {
		if got := isPublicName(name); got != want {
			t.Errorf("%s is a public name: %t", name, got)
		}
	}
}

// A name is checked where it leads when it is dialled: one that leads to this
// machine is refused, whatever it led to before.
func TestDialGuardSeesAddressesNotNames(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a request got through") }))
	t.Cleanup(server.Close)
	var dialled atomic.Int32
	transport := &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		dialled.Add(1)
		return new(net.Dialer).DialContext(ctx, network, server.Listener.Addr().String())
	}}
	guarded := DownloadPolicy{Transport: transport}.transport()
	for _, target := range []string{server.URL, "http://[::1]:1/", "http://127.1.2.3:1/"} {
		req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, target, nil)
		resp, err := guarded.RoundTrip(req)
		if !errors.Is(err, ErrPrivateHost) {
			t.Errorf("%s: %v, %v", target, resp, err)
		}
	}
	if dialled.Load() != 0 {
		t.Error("the transport's own dialling was used")
	}
}

// A proxy may stand on a private address: what is behind it is its own concern.
func TestDialGuardReachesProxies(t *testing.T) {
	t.Parallel()
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Host != "images.test" {
			t.Errorf("the proxy was asked for %s", r.URL)
		}
		_, _ = w.Write([]byte("a picture"))
	}))
	t.Cleanup(proxy.Close)
	address, _ := url.Parse(proxy.URL)
	transport := &http.Transport{Proxy: http.ProxyURL(address)}
	c := newTestClient(t, "https://api.test", WithDownload(DownloadPolicy{Transport: transport}))
	t.Cleanup(c.downloads.transport().(*http.Transport).CloseIdleConnections)
	if n, err := c.Download(t.Context(), "http://images.test/a.png", discard{}); err != nil || n != 9 {
		t.Errorf("%d, %v", n, err)
	}
	if _, err := c.Download(t.Context(), "http://127.0.0.1/a.png", discard{}); !errors.Is(err, ErrPrivateHost) {
		t.Errorf("%v", err)
	}
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }
