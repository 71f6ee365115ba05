package fetch

import (
	"errors"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// NotPublicError says why an address or a name is not one of a public host. It
// matches [ErrPrivate].
type NotPublicError struct {
	Network netip.Prefix // the network that holds the address; not valid for a name
	Reason  string       // what the network, or the name, is
}

// Error returns the network and what it is.
func (e *NotPublicError) Error() string { return ErrPrivate.Error() + ": " + e.Detail() }

// Detail returns the network and what it is, without the words of [ErrPrivate].
func (e *NotPublicError) Detail() string {
	if e.Network.IsValid() {
		return e.Network.String() + " is " + e.Reason
	}
	return e.Reason
}

// Unwrap returns ErrPrivate.
func (e *NotPublicError) Unwrap() error { return ErrPrivate }

// PrivateReason returns the text of the [NotPublicError] in an error that matches
// [ErrPrivate], or else that of ErrPrivate: neither holds a part of the URL.
func PrivateReason(err error) string {
	if e := (*NotPublicError)(nil); errors.As(err, &e) {
		return e.Error()
	}
	return ErrPrivate.Error()
}

// notPublic are the networks that hold no public host, by the special-purpose
// address registries of IANA (RFC 6890) and where else that is noted. The first
// one that holds an address names the reason.
var notPublic = [...]NotPublicError{
	network("0.0.0.0/8", `"this network"`),
	network("10.0.0.0/8", "a private network"),
	network("100.64.0.0/10", "for carriers' NAT, and holds metadata services of clouds"),
	network("127.0.0.0/8", "this machine"),
	network("168.63.129.16/32", "the host of a virtual machine in Azure"), // documented by Microsoft
	network("169.254.0.0/16", "link-local, and holds the metadata services of clouds"),
	network("172.16.0.0/12", "a private network"),
	network("192.0.0.0/24", "for IETF protocols"),
	network("192.0.2.0/24", "for documentation"),
	network("192.31.196.0/24", "for AS112 name servers"),
	network("192.52.193.0/24", "for AMT relays"),
	network("192.88.99.0/24", "for 6to4 relays"),
	network("192.168.0.0/16", "a private network"),
	network("192.175.48.0/24", "for AS112 name servers"),
	network("198.18.0.0/15", "for benchmarks; proxies that hand out fake addresses (TUN mode, fake-ip) use it, too"),
	network("198.51.100.0/24", "for documentation"),
	network("203.0.113.0/24", "for documentation"),
	network("224.0.0.0/4", "for multicast"),
	network("240.0.0.0/4", "reserved"),
	network("::/128", "the unspecified address"),
	network("::1/128", "this machine"),
	network("64:ff9b:1::/48", "for local translation of IPv4 addresses"),
	network("100::/64", "for packets to discard"),
	network("100:0:0:1::/64", "a dummy"),
	network("2001::/23", "for IETF protocols, such as Teredo"),
	network("2001:db8::/32", "for documentation"),
	network("2002::/16", "6to4, which embeds IPv4 addresses"),
	network("2620:4f:8000::/48", "for AS112 name servers"),
	network("3fff::/20", "for documentation"),
	network("5f00::/16", "for segment routing"),
	network("fc00::/7", "a private network"),
	network("fe80::/10", "link-local"),
	network("fec0::/10", "site-local"),
	network("ff00::/8", "for multicast"),
}

func network(prefix, reason string) NotPublicError {
	return NotPublicError{netip.MustParsePrefix(prefix), reason}
}

var (
	// nat64 embeds IPv4 addresses, for networks that have IPv6 alone (RFC 6052).
	nat64 = netip.MustParsePrefix("64:ff9b::/96")
	// publicIPv6 holds all of IPv6 that IANA has assigned as global unicast. Other
	// ways to embed IPv4 addresses lie outside of it.
	publicIPv6 = netip.MustParsePrefix("2000::/3")

	thisMachine = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	// local are the networks to which names of a local network lead.
	local = []netip.Prefix{
		netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("172.16.0.0/12"),
		netip.MustParsePrefix("192.168.0.0/16"), netip.MustParsePrefix("fc00::/7"),
	}
)

// LoopbackOf returns the loopback networks if u leads to this machine, and
// otherwise none: a service on this machine has its images there, too.
func LoopbackOf(u *url.URL) []netip.Prefix {
	host := strings.ToLower(u.Hostname())
	if addr, err := netip.ParseAddr(host); host == "localhost" || err == nil && addr.Unmap().IsLoopback() {
		return slices.Clone(thisMachine)
	}
	return nil
}

// allowed are networks that are requested although they are not public.
type allowed []netip.Prefix

// newAllowed takes the prefixes of IPv4 networks that are written as IPv6.
func newAllowed(networks []netip.Prefix) allowed {
	list := make(allowed, len(networks))
	for i, n := range networks {
		const mapped = 96 // bits before the IPv4 address
		if n.Addr().Is4In6() && n.Bits() >= mapped {
			n = netip.PrefixFrom(n.Addr().Unmap(), n.Bits()-mapped)
		}
		list[i] = n
	}
	return list
}

func (a allowed) contains(addr netip.Addr) bool {
	return slices.ContainsFunc(a, func(n netip.Prefix) bool { return n.Contains(addr) })
}

func (a allowed) overlaps(networks []netip.Prefix) bool {
	return slices.ContainsFunc(networks, func(n netip.Prefix) bool { return slices.ContainsFunc(a, n.Overlaps) })
}

// check returns a [*NotPublicError] unless addr is a public host's, or allowed.
func (a allowed) check(addr netip.Addr) error {
	addr = addr.Unmap().WithZone("")
	if a.contains(addr) {
		return nil
	}
	if nat64.Contains(addr) {
		b := addr.As16()
		return a.check(netip.AddrFrom4([4]byte(b[12:])))
	}
	for i := range notPublic {
		if notPublic[i].Network.Contains(addr) {
			return &notPublic[i]
		}
	}
	if !addr.IsValid() || addr.Is6() && !publicIPv6.Contains(addr) {
		return &NotPublicError{Reason: "it is not in " + publicIPv6.String() + ", which holds all public hosts of IPv6"}
	}
	return nil
}

// checkName returns a [*NotPublicError] if a URL's host can't be a public one, as
// far as that is known before its addresses are looked up. Names of this machine
// and of the local network are allowed with networks to which they may lead.
func (a allowed) checkName(host string) error {
	host = strings.TrimRight(strings.ToLower(host), ".")
	if addr, err := netip.ParseAddr(host); err == nil {
		return a.check(addr)
	}
	last := host[strings.LastIndexByte(host, '.')+1:]
	switch {
	case strings.Trim(last, "0123456789") == "" || strings.HasPrefix(last, "0x"):
		return &NotPublicError{Reason: "a name that ends in a number is an IPv4 address to many resolvers"}
	case last == "localhost" && !a.overlaps(thisMachine):
		return &NotPublicError{Reason: "localhost is this machine"}
	case last == "local" || last == "internal":
		if !a.overlaps(local) {
			return &NotPublicError{Reason: "names that end in " + last + " are those of a local network"}
		}
	case last == host && last != "localhost" && !a.overlaps(local):
		return &NotPublicError{Reason: "a name without a dot is one of a local network"}
	}
	return nil
}
