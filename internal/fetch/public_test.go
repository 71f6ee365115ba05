package fetch

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"testing"
)

// refused maps addresses that are not public to the network that is named.
var refused = map[string]string{
	"127.0.0.1": "127.0.0.0/8", "127.255.255.254": "127.0.0.0/8", "10.1.2.3": "10.0.0.0/8", "172.16.0.1": "172.16.0.0/12", "172.31.255.255": "172.16.0.0/12",
	"192.168.0.1": "192.168.0.0/16", "169.254.169.254": "169.254.0.0/16", "100.64.0.1": "100.64.0.0/10", "100.100.100.200": "100.64.0.0/10",
	"0.0.0.0": "0.0.0.0/8", "0.1.2.3": "0.0.0.0/8", "224.0.0.1": "224.0.0.0/4", "240.0.0.1": "240.0.0.0/4", "255.255.255.255": "240.0.0.0/4", "168.63.129.16": "168.63.129.16/32",
	"192.0.0.8": "192.0.0.0/24", "192.0.2.1": "192.0.2.0/24", "198.18.0.1": "198.18.0.0/15", "198.19.255.255": "198.18.0.0/15", "198.51.100.1": "198.51.100.0/24", "203.0.113.1": "203.0.113.0/24",
	"192.31.196.1": "192.31.196.0/24", "192.52.193.1": "192.52.193.0/24", "192.175.48.6": "192.175.48.0/24", "192.88.99.1": "192.88.99.0/24",
	"::": "::/128", "::1": "::1/128", "fe80::1": "fe80::/10", "fe80::1%eth0": "fe80::/10", "fc00::1": "fc00::/7", "fd00:ec2::254": "fc00::/7", "ff02::1": "ff00::/8", "fec0::1": "fec0::/10",
	"::ffff:127.0.0.1": "127.0.0.0/8", "::ffff:10.0.0.1": "10.0.0.0/8", "::ffff:169.254.169.254": "169.254.0.0/16", "::ffff:100.64.0.1": "100.64.0.0/10",
	"64:ff9b::127.0.0.1": "127.0.0.0/8", "64:ff9b::169.254.169.254": "169.254.0.0/16", "64:ff9b::100.64.0.1": "100.64.0.0/10",
	"64:ff9b:1::1": "64:ff9b:1::/48", "64:ff9b:1::8.8.8.8": "64:ff9b:1::/48", "64:ff9b:1:ffff::a00:1": "64:ff9b:1::/48",
	"100::1": "100::/64", "100:0:0:1::1": "100:0:0:1::/64", "3fff::1": "3fff::/20", "2002:7f00:1::": "2002::/16", "2001:0:53aa::": "2001::/23", "2001:db8::1": "2001:db8::/32",
	"2001:2::1": "2001::/23", "2001:20::1": "2001::/23", "2620:4f:8000::1": "2620:4f:8000::/48", "5f00::1": "5f00::/16",
	"::7f00:1": "2000::/3", "::ffff:0:127.0.0.1": "2000::/3", "4000::1": "2000::/3", "64:ff9b::1:0:0:1": "2000::/3",
}

func TestNetworksThatAreNotPublic(t *testing.T) {
	t.Parallel()
	for text, want := range refused {
		err := allowed(nil).check(netip.MustParseAddr(text))
		var e *NotPublicError
		if !errors.Is(err, ErrPrivate) || !errors.As(err, &e) || !strings.Contains(err.Error(), want) || e.Reason == "" || strings.HasSuffix(err.Error(), "is ") {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
	for _, text := range []string{
		"8.8.8.8", "1.1.1.1", "172.15.0.1", "172.32.0.1", "100.63.0.1", "100.128.0.1", "198.17.0.1", "198.20.0.1", "192.31.195.1", "192.52.194.1", "192.175.49.1",
		"2606:4700::1111", "2a00:1450:4001::200e", "2620:4f:8001::1", "64:ff9b::8.8.8.8", "::ffff:8.8.8.8", "2001:200::1",
	} {
		if err := allowed(nil).check(netip.MustParseAddr(text)); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
	if err := allowed(nil).check(netip.Addr{}); !errors.Is(err, ErrPrivate) {
		t.Errorf("no address: %v", err)
	}
}

// One network is opened, and no other.
func TestNetworksThatAreAllowed(t *testing.T) {
	t.Parallel()
	for prefix, opens := range map[string][]string{
		"198.18.0.0/15":         {"198.18.0.1", "198.19.255.255", "::ffff:198.18.0.1", "64:ff9b::198.18.0.1"},
		"::ffff:198.18.0.0/111": {"198.18.0.1", "198.19.255.255", "::ffff:198.18.0.1", "64:ff9b::198.18.0.1"},
		"10.0.0.0/8":            {"10.1.2.3", "::ffff:10.0.0.1"},
		"127.0.0.1/32":          {"127.0.0.1", "::ffff:127.0.0.1", "64:ff9b::127.0.0.1"},
		"64:ff9b:1::/48":        {"64:ff9b:1::1", "64:ff9b:1::8.8.8.8", "64:ff9b:1:ffff::a00:1"},
		"fe80::/10":             {"fe80::1", "fe80::1%eth0"},
		"8.8.8.0/24":            {},
	} {
		networks := newAllowed([]netip.Prefix{netip.MustParsePrefix(prefix)})
		open := map[string]bool{}
		for _, text := range opens {
			open[text] = true
			if err := networks.check(netip.MustParseAddr(text)); err != nil {
				t.Errorf("%s with %s: %v", text, prefix, err)
			}
		}
		for text := range refused {
			if err := networks.check(netip.MustParseAddr(text)); (err == nil) != open[text] {
				t.Errorf("%s with %s: %v", text, prefix, err)
			}
		}
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	networks := func(prefixes ...string) (list allowed) {
		for _, p := range prefixes {
			list = append(list, netip.MustParsePrefix(p))
		}
		return list
	}
	none, machine, lan, fake := networks(), networks("127.0.0.0/8", "::1/128"), networks("10.0.0.0/8"), networks("198.18.0.0/15")
	for name, with := range map[string][]allowed{ // with which networks the name may be public
		"example.com": {none, machine, lan, fake}, "localhost.example.com": {none}, "8.8.8.8": {none}, "example.com.": {none}, "1.example.com": {none},
		"xn--bcher-kva.example": {none}, "internal.example.com": {none},
		"localhost": {machine}, "LOCALHOST": {machine}, "localhost.": {machine}, "a.localhost": {machine}, "localhost..": {machine}, "127.0.0.1": {machine}, "127.0.0.1.": {machine}, "::1": {machine},
		"intranet": {lan}, "printer.local": {lan}, "metadata.google.internal": {lan}, "10.0.0.1": {lan}, "198.18.0.1": {fake},
		"a.example.0xyz": {}, "127.1": {}, "0177.0.0.1": {}, "0x7f.0x1": {}, "2130706433": {}, "0x7f000001": {}, "": {}, ".": {}, "fe80::1%eth0": {},
	} {
		for i, list := range []allowed{none, machine, lan, fake} {
			want := false
			for _, w := range with {
				want = want || len(with) > 0 && (len(w) == 0 || len(list) > 0 && w[0] == list[0])
			}
			if err := list.checkName(name); (err == nil) != want || err != nil && (!errors.Is(err, ErrPrivate) || err.Error() == ErrPrivate.Error()) {
				t.Errorf("%q with list %d: %v", name, i, err)
			}
		}
	}
}

func TestLoopbackOf(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]bool{
		"http://127.0.0.1:8080/": true, "http://localhost/": true, "https://LOCALHOST/v1": true, "http://[::1]:80": true, "http://127.9.9.9": true,
		"https://api.tensorslab.com": false, "https://10.0.0.1": false, "https://localhost.example.com": false, "https://198.18.0.1": false,
	} {
		if got := LoopbackOf(parse(t, raw)); (len(got) == 2) != want {
			t.Errorf("%s: %v", raw, got)
		}
	}
}

func TestPrivateReason(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		err  error
		want string
	}{
		{&NotPublicError{Reason: "another"}, "the address is not a public one: another"},
		{fmt.Errorf("secret.example: %w", &NotPublicError{Reason: "another"}), "the address is not a public one: another"},
		{fmt.Errorf("secret.example: %w", ErrPrivate), "the address is not a public one"},
	} {
		if got := PrivateReason(tt.err); got != tt.want {
			t.Errorf("%v: %q, want %q", tt.err, got, tt.want)
		}
	}
}
