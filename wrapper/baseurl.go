package wrapper

import (
	"cmp"
	"errors"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"
)

// parseBaseURL never puts raw into an error: it may hold a password.
func parseBaseURL(raw string) (*url.URL, error) {
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
	case !validPort(u):
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

func validPort(u *url.URL) bool {
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

// relativePath returns the escaped path of u below base, with its leading
// slash. ok is false for a URL that leaves base: the key must not follow it there.
func relativePath(base, u *url.URL) (path string, ok bool) {
	if u.Opaque != "" || u.Scheme != base.Scheme || !sameHost(base, u) {
		return "", false
	}
	prefix := strings.TrimSuffix(base.EscapedPath(), "/")
	path, ok = strings.CutPrefix(u.EscapedPath(), prefix)
	return path, ok && strings.HasPrefix(path, "/")
}

func sameHost(a, b *url.URL) bool {
	return a.Host == b.Host ||
		strings.EqualFold(a.Hostname(), b.Hostname()) && portOf(a) == portOf(b)
}

func portOf(u *url.URL) string {
	if p := u.Port(); p != "" || u.Scheme == "https" {
		return cmp.Or(p, "443")
	}
	return "80"
}
