package wrapper

import (
	"cmp"
	"context"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"syscall"
	"time"
)

// dialTimeout and keepAlive are those of http.DefaultTransport.
const (
	dialTimeout = 30 * time.Second
	keepAlive   = 30 * time.Second
)

// notPublic are the networks, beside those that package netip knows, in which
// no image host of the public Internet is (IANA special-purpose registries).
var notPublic = [...]string{
	"0.0.0.0/8",
	"100.64.0.0/10", // carriers' NAT
	"192.0.0.0/24",
	"192.0.2.0/24",
	"192.88.99.0/24",
	"198.18.0.0/15",
	"198.51.100.0/24",
	"203.0.113.0/24",
	"240.0.0.0/4",
	"::/96", // IPv4-compatible
	"64:ff9b:1::/48",
	"100::/64",
	"2001::/23", // Teredo and others
	"2001:db8::/32",
	"2002::/16", // 6to4
	"3fff::/20",
	"5f00::/16",
	"fec0::/10", // site-local
}

// nat64 is how hosts of IPv4 are reached from networks of IPv6 alone (RFC 6052).
const nat64 = "64:ff9b::/96"

// isPublic reports whether addr may be an image host's. Link-local addresses,
// of which a cloud's metadata service has one, are not global unicast.
func isPublic(addr netip.Addr) bool {
	addr = addr.Unmap().WithZone("")
	if netip.MustParsePrefix(nat64).Contains(addr) {
		b := addr.As16()
		addr = netip.AddrFrom4([4]byte(b[12:]))
	}
	if !addr.IsGlobalUnicast() || addr.IsPrivate() {
		return false
	}
	for _, network := range notPublic {
		if netip.MustParsePrefix(network).Contains(addr) {
			return false
		}
	}
	return true
}

// isPublicName reports whether a URL's host may be an image host's, as far as
// that can be told without asking for its addresses.
func isPublicName(host string) bool {
	if addr, err := netip.ParseAddr(host); err == nil {
		return isPublic(addr)
	}
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	return host != "localhost" && !strings.HasSuffix(host, ".localhost")
}

// guardDialing makes t refuse to connect to addresses that are not public, as they
// are when it dials: a name may lead elsewhere each time it is asked for. A
// proxy may stand anywhere; what lies behind it, only the proxy can tell.
func guardDialing(t *http.Transport) {
	g := &dialGuard{proxies: map[string]bool{}}
	free := &net.Dialer{Timeout: dialTimeout, KeepAlive: keepAlive}
	guarded := &net.Dialer{Timeout: dialTimeout, KeepAlive: keepAlive, ControlContext: refusePrivate}
	t.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
		if g.isProxy(addr) {
			return free.DialContext(ctx, network, addr)
		}
		return guarded.DialContext(ctx, network, addr)
	}
	t.Dial, t.DialTLS, t.DialTLSContext = nil, nil, nil //nolint:staticcheck // they would dial past the guard
	if proxy := t.Proxy; proxy != nil {
		t.Proxy = func(req *http.Request) (*url.URL, error) {
			u, err := proxy(req)
			if u != nil {
				g.addProxy(u)
			}
			return u, err
		}
	}
}

func refusePrivate(_ context.Context, _, address string, _ syscall.RawConn) error {
	addr, err := netip.ParseAddrPort(address)
	if err != nil || !isPublic(addr.Addr()) {
		return ErrPrivateHost
	}
	return nil
}

// dialGuard knows the proxies in use.
type dialGuard struct {
	mu      sync.Mutex
	proxies map[string]bool
}

func (g *dialGuard) addProxy(u *url.URL) {
	port := map[string]string{"https": "443", "socks5": "1080", "socks5h": "1080"}[u.Scheme]
	g.mu.Lock()
	defer g.mu.Unlock()
	g.proxies[net.JoinHostPort(u.Hostname(), cmp.Or(u.Port(), port, "80"))] = true
}

func (g *dialGuard) isProxy(addr string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.proxies[addr]
}
