package contract

import (
	"cmp"
	"fmt"
	"net/http"
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

// FindBelow returns the operation of a request to an address below base and the
// values of its path's parameters, or the reason why it has none, in words that say
// what is wrong with the request. These hold its method and path, of any length.
func (d *Document) FindBelow(base *url.URL, req *http.Request) (op *Operation, values map[string]string, reason string) {
	if req.URL == nil {
		return nil, nil, "it has no URL"
	}
	path, ok := RelativePath(base, req.URL)
	if !ok {
		return nil, nil, "its address is not below the base URL"
	}
	if op, values, _ = d.Find(req.Method, path); op == nil {
		reason = fmt.Sprintf("the contract has no operation %s %s", req.Method, path)
	}
	return op, values, reason
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
