package fetch

import (
	"net/netip"
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
		"64:ff9b::127.0.0.1": false, "64:ff9b::169.254.169.254": false, "64:ff9b:1::1": false, "64:ff9b::100.64.0.1": false, "::ffff:0:127.0.0.1": false, "::ffff:100.64.0.1": false, "168.63.129.16": false, "100::1": false, "4000::1": false, "3fff::1": false, "2002:7f00:1::": false, "2001:0:53aa::": false, "2001:db8::1": false,
	} {
		if got := isPublic(netip.MustParseAddr(text)); got != want {
			t.Errorf("%s is public: %t", text, got)
		}
	}
	for name, want := range map[string]bool{
		"example.com": true, "localhost.example.com": true, "8.8.8.8": true,
		"a.example.0xyz": false, "example.com.": true, "1.example.com": true, "xn--bcher-kva.example": true,
		"127.0.0.1.": false, "localhost..": false, "127.1": false, "0177.0.0.1": false, "0x7f.0x1": false, "2130706433": false, "0x7f000001": false,
		"intranet": false, "printer.local": false, "metadata.google.internal": false, "": false, ".": false, "%": false,
		"localhost": false, "LOCALHOST": false, "localhost.": false, "a.localhost": false, "127.0.0.1": false, "::1": false, "fe80::1%eth0": false,
	} {
		if got := isPublicName(name); got != want {
			t.Errorf("%s is a public name: %t", name, got)
		}
	}
}
