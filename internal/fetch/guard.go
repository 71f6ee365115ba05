package fetch

import (
	"cmp"
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/tensorslab/tensorslab-go/internal/send"
)

// transport returns what sends the requests, guarded by g unless all addresses are
// allowed. Nothing is decompressed: MaxBytes counts bytes on the wire.
func (o Options) transport(g *dialGuard) http.RoundTripper {
	given := o.Transport
	if given == nil {
		given = send.DefaultTransport()
	}
	own, ok := given.(*http.Transport)
	switch {
	case !ok && o.AllowPrivate:
		return given
	case !ok:
		return &resolvingGuard{dialGuard: g, next: given}
	}
	own = own.Clone()
	own.DisableCompression = true
	own.MaxResponseHeaderBytes = cmp.Or(own.MaxResponseHeaderBytes, send.MaxHeaderBytes)
	if !o.AllowPrivate {
		g.guard(own)
	}
	return send.Quiet(own)
}

// dialTimeout and keepAlive are those of http.DefaultTransport.
const (
	dialTimeout = 30 * time.Second
	keepAlive   = 30 * time.Second
)

// dialGuard checks each address when it is dialed, since a name may lead elsewhere
// each time it is looked up.
type dialGuard struct {
	check    func(netip.Addr) error // returns why an address must not be dialed
	resolver *net.Resolver          // nil: the default one
}

// route is what a transport notes of the way of one request.
type route struct{ proxied atomic.Bool }

type routeKey struct{}

func withRoute(ctx context.Context) context.Context {
	return context.WithValue(ctx, routeKey{}, new(route))
}

func routeOf(ctx context.Context) *route {
	r, _ := ctx.Value(routeKey{}).(*route)
	return r
}

// guard makes t dial public addresses only, and proxies anywhere: a proxy is the
// caller's choice, and only it knows what is behind it.
func (g *dialGuard) guard(t *http.Transport) {
	free := &net.Dialer{Timeout: dialTimeout, KeepAlive: keepAlive, Resolver: g.resolver}
	guarded := &net.Dialer{Timeout: dialTimeout, KeepAlive: keepAlive, Resolver: g.resolver, ControlContext: g.control}
	t.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
		if r := routeOf(ctx); r != nil && r.proxied.Load() {
			return free.DialContext(ctx, network, addr)
		}
		return guarded.DialContext(ctx, network, addr)
	}
	//lint:ignore SA1019 they would dial past the guard
	t.Dial, t.DialTLS, t.DialTLSContext = nil, nil, nil //nolint:staticcheck // as above
	if proxy := t.Proxy; proxy != nil {
		t.Proxy = func(req *http.Request) (*url.URL, error) {
			u, err := proxy(req)
			if r := routeOf(req.Context()); r != nil {
				r.proxied.Store(u != nil)
			}
			return u, err
		}
	}
}

func (g *dialGuard) control(_ context.Context, _, address string, _ syscall.RawConn) error {
	addr, err := netip.ParseAddrPort(address)
	if err != nil {
		return ErrPrivate
	}
	return g.check(addr.Addr())
}

// resolvingGuard looks up a host's addresses before next, whose dialing it can't
// change, sends the request.
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
		if err := g.check(addr); err != nil {
			return nil, err
		}
	}
	return g.next.RoundTrip(req)
}

// CloseIdleConnections closes those of next.
func (g *resolvingGuard) CloseIdleConnections() {
	if c, ok := g.next.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}
