package fetch

import (
	"net/url"
	"strings"

	"github.com/tensorslab/tensorslab-go/internal/redact"
)

// Parse reads a URL as browsers do: white space around it is dropped, and blanks,
// quotes and characters outside of ASCII, which addresses of images hold in their
// file names, are escaped in its path and query (WHATWG URL Standard). What is
// escaped stays byte for byte, since it may be signed. The fragment, which is never
// sent, is dropped.
func Parse(raw string) (*url.URL, error) { return url.Parse(escape(raw)) }

// resolve reads the address of a redirect from u, as Parse does.
func resolve(u *url.URL, location string) (*url.URL, error) { return u.Parse(escape(location)) }

// escape leaves the scheme and the host as they are: net/url checks them.
func escape(raw string) string {
	raw, _, _ = strings.Cut(strings.Trim(raw, " "), "#")
	before, query, hasQuery := strings.Cut(raw, "?")
	at := pathStart(before)
	var b strings.Builder
	b.WriteString(before[:at])
	escapeTo(&b, before[at:], "\"<>^`{|}\\")
	if hasQuery {
		b.WriteByte('?')
		escapeTo(&b, query, "\"<>'")
	}
	return b.String()
}

// pathStart returns the offset of the path in a URL without a query: after the
// scheme and the host, if there are any.
func pathStart(before string) int {
	at := 0
	if colon := strings.IndexByte(before, ':'); colon >= 0 && !strings.Contains(before[:colon], "/") {
		at = colon + 1
	}
	if !strings.HasPrefix(before[at:], "//") {
		return at
	}
	at += len("//")
	if slash := strings.IndexByte(before[at:], '/'); slash >= 0 {
		return at + slash
	}
	return len(before)
}

// escapeTo writes text to b. It escapes blanks, bytes outside of ASCII, and those
// of set. A percent sign stays as it is, and so do control characters, which
// net/url refuses. The path's set holds more than the standard's: net/url would
// write the whole path anew because of any of them.
func escapeTo(b *strings.Builder, text, set string) {
	const hex = "0123456789ABCDEF"
	for i := range len(text) {
		c := text[i]
		if c == ' ' || c > '~'+1 || strings.IndexByte(set, c) >= 0 {
			b.Write([]byte{'%', hex[c>>4], hex[c&0xf]})
			continue
		}
		b.WriteByte(c)
	}
}

// HoldsKey reports whether r finds the key in a URL, as it is or escaped, even twice.
func HoldsKey(r redact.Redactor, rawURL string) bool {
	for range 3 {
		if r.Text(rawURL) != rawURL {
			return true
		}
		rawURL = unescaped(rawURL)
	}
	return false
}

// unescaped replaces what is percent-encoded in s, and leaves what is malformed.
func unescaped(s string) string {
	var b strings.Builder
	for len(s) > 0 {
		if c, err := url.PathUnescape(s[:min(len("%XX"), len(s))]); err == nil && s[0] == '%' {
			b.WriteString(c)
			s = s[len("%XX"):]
			continue
		}
		b.WriteByte(s[0])
		s = s[1:]
	}
	return b.String()
}
