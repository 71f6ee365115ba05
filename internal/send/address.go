package send

import (
	"errors"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"
)

// ParseBaseURL reads the address of a service: https, or http to a loopback
// address, without user info, query and fragment. The result ends in a slash. An
// error never holds raw, which may contain a password.
func ParseBaseURL(raw string) (*url.URL, error) {
	raw = strings.TrimSpace(raw)
	u, err := url.Parse(raw)
	switch {
	case raw == "":
		return nil, errors.New("the base URL is empty")
	case err != nil || !utf8.ValidString(raw):
		return nil, errors.New("the base URL is malformed (it is not shown: it may hold a secret)")
	case u.User != nil:
		return nil, errors.New("the base URL holds user info, which would be sent to the server; leave it out")
	case strings.ContainsAny(raw, "?#"):
		return nil, errors.New("the base URL holds a query or a fragment, which requests would lose; leave it out")
	case u.Opaque != "" || u.Hostname() == "":
		return nil, errors.New("the base URL names no host; write https://HOST")
	case !ValidPort(u):
		return nil, errors.New("the port of the base URL is not between 1 and 65535")
	case u.Scheme == "https", u.Scheme == "http" && isLoopback(u.Hostname()):
		return cleanBase(u)
	case u.Scheme == "http":
		return nil, errors.New("the base URL is http and not a loopback address, so the key would travel in the clear; use https")
	}
	return nil, errors.New("the scheme of the base URL is not https")
}

// cleanBase resolves dot segments as the generated client will, so that both
// agree on the path prefix. What it can't parse again, such as the zone of an
// IPv6 address with odd bytes, is no base URL.
func cleanBase(u *url.URL) (*url.URL, error) {
	u.Host = strings.ToLower(u.Host)
	clean, err := url.Parse(u.JoinPath("/").String())
	if err != nil {
		return nil, errors.New("the base URL is malformed (it is not shown: it may hold a secret)")
	}
	return clean, nil
}

// ValidPort reports whether the port of u, if there is one, is between 1 and 65535.
func ValidPort(u *url.URL) bool {
	if u.Port() == "" {
		return !strings.HasSuffix(u.Host, ":")
	}
	n, err := strconv.Atoi(u.Port())
	return err == nil && n >= 1 && n <= 65535
}

func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Unmap().IsLoopback()
}
