package fetch

import (
	"net/netip"
	"strings"
)

// notPublic are networks that hold no public host, beside those that package netip
// knows (IANA special-purpose address registries).
var notPublic = [...]netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("100.64.0.0/10"),    // carriers' NAT
	netip.MustParsePrefix("168.63.129.16/32"), // the host of a virtual machine in Azure
	netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"),
	netip.MustParsePrefix("192.88.99.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"),
	netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("2001::/23"), // Teredo and others
	netip.MustParsePrefix("2001:db8::/32"),
	netip.MustParsePrefix("2002::/16"), // 6to4
	netip.MustParsePrefix("3fff::/20"),
}

var (
	// nat64 embeds IPv4 addresses, for networks that have IPv6 alone (RFC 6052).
	nat64 = netip.MustParsePrefix("64:ff9b::/96")
	// publicIPv6 holds all of IPv6 that IANA has assigned as global unicast. Other
	// ways to embed IPv4 addresses lie outside of it.
	publicIPv6 = netip.MustParsePrefix("2000::/3")
)

// isPublic reports whether addr is a public host's. Link-local addresses, of which
// a cloud's metadata service has one, are not global unicast.
func isPublic(addr netip.Addr) bool {
	addr = addr.Unmap().WithZone("")
	if nat64.Contains(addr) {
		b := addr.As16()
		addr = netip.AddrFrom4([4]byte(b[12:]))
	}
	if !addr.IsGlobalUnicast() || addr.IsPrivate() || addr.Is6() && !publicIPv6.Contains(addr) {
		return false
	}
	for _, network := range notPublic {
		if network.Contains(addr) {
			return false
		}
	}
	return true
}

// isPublicName reports whether a URL's host may be public, as far as that is known
// before its addresses are looked up. A name that ends in a number, such as 127.1,
// is an IPv4 address to many resolvers.
func isPublicName(host string) bool {
	host = strings.TrimRight(strings.ToLower(host), ".")
	if addr, err := netip.ParseAddr(host); err == nil {
		return isPublic(addr)
	}
	last := host[strings.LastIndexByte(host, '.')+1:]
	switch last {
	case "localhost", "local", "internal", host: // the latter has no dot
		return false
	}
	isNumber := strings.Trim(last, "0123456789") == "" || strings.HasPrefix(last, "0x")
	return !isNumber
}
