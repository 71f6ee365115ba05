package contract

import (
	"cmp"
	"net/url"
	"strings"
)

// RelativePath returns the escaped path of u below base, with its leading slash,
// for [Document.Find]. ok is false for a URL that leaves base: it has another
// scheme, host or port, or its path does not begin with that of base.
func RelativePath(base, u *url.URL) (path string, ok bool) {
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
