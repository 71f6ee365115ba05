package wrapper

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"sync/atomic"
	"syscall"
	"time"
)

// dialTimeout and keepAlive are those of http.DefaultTransport.
const (
	dialTimeout = 30 * time.Second
	keepAlive   = 30 * time.Second
)

// dialGuard keeps downloads from addresses that are not public, as they are
// when they are dialled: a name may lead elsewhere each time it is asked for.
type dialGuard struct {
	public   func(netip.Addr) bool
	resolver *net.Resolver // nil: the default one
}

// hop is one request of a download. Its transport notes in it whether it goes
// through a proxy.
type hop struct{ proxied atomic.Bool }

type hopKey struct{}

func hopOf(ctx context.Context) *hop {
	h, _ := ctx.Value(hopKey{}).(*hop)
	return h
}

// guard makes t dial public addresses only. A proxy may stand anywhere; what
// lies behind it, only the proxy can tell.
func (g *dialGuard) guard(t *http.Transport) {
	free := &net.Dialer{Timeout: dialTimeout, KeepAlive: keepAlive, Resolver: g.resolver}
	guarded := &net.Dialer{Timeout: dialTimeout, KeepAlive: keepAlive, Resolver: g.resolver, ControlContext: g.control}
	t.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
		if h := hopOf(ctx); h != nil && h.proxied.Load() {
			return free.DialContext(ctx, network, addr)
		}
		return guarded.DialContext(ctx, network, addr)
	}
	//lint:ignore SA1019 they would dial past the guard
	t.Dial, t.DialTLS, t.DialTLSContext = nil, nil, nil //nolint:staticcheck // as above
	if proxy := t.Proxy; proxy != nil {
		t.Proxy = func(req *http.Request) (*url.URL, error) {
			u, err := proxy(req)
			if h := hopOf(req.Context()); h != nil {
				h.proxied.Store(u != nil)
			}
			return u, err
		}
	}
}

func (g *dialGuard) control(_ context.Context, _, address string, _ syscall.RawConn) error {
	addr, err := netip.ParseAddrPort(address)
	if err != nil || !g.public(addr.Addr()) {
		return ErrPrivateHost
	}
	return nil
}

// resolvingGuard looks at where a host leads before next is asked, which dials
// in a way of its own.
type resolvingGuard struct {
	*dialGuard
	next http.RoundTripper
}

func (g *resolvingGuard) RoundTrip(req *http.Request) (*http.Response, error) {
	resolver := g.resolver
	if resolver == nil {
		resolver = net.DefaultResolver
	}
	addrs, err := resolver.LookupNetIP(req.Context(), "ip", req.URL.Hostname())
	if err == nil && len(addrs) == 0 {
		err = errors.New("the host has no address")
	}
	if err != nil {
		return nil, err
	}
	for _, addr := range addrs {
		if !g.public(addr) {
			return nil, ErrPrivateHost
		}
	}
	return g.next.RoundTrip(req)
}
