package contract

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// normalPath writes a path, or a part of it, in one form: punctuation that a path can
// have without an escape has none, and what needs one has it in capitals. The colon
// and what separates segments keep their escapes, since clients escape them in a value
// that has them, such as the id a:cancel; letters and digits keep theirs, since no
// client escapes those. A document may give a path in plain characters, such as größe,
// or escaped.
func normalPath(text string) string {
	if strings.IndexFunc(text, func(r rune) bool { return r >= 0x80 || !isPlain(byte(r)) }) < 0 {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		c := text[i]
		code, err := strconv.ParseUint(text[min(i+1, len(text)):min(i+3, len(text))], 16, 8)
		switch escaped := c == '%' && err == nil && i+2 < len(text); {
		case escaped && strings.IndexByte(punctuation, byte(code)) >= 0:
			b.WriteByte(byte(code))
			i += 2
		case escaped:
			fmt.Fprintf(&b, "%%%02X", code)
			i += 2
		case isPlain(c):
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// punctuation is what clients send in a path as it is, or escaped, as they please.
const punctuation = "-._~!$&'()*+,;=@[]"

// isPlain reports whether net/url sends c in a path as it is, or may.
func isPlain(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == ':' || c == '/' || strings.IndexByte(punctuation, c) >= 0
}

// checkPaths refuses paths that no request can have.
func checkPaths(paths *openapi3.Paths) error {
	for _, path := range paths.Keys() {
		switch segments := strings.Split(path, "/"); {
		case strings.Contains(path, "?"):
			return invalid("the path %s has a query: what follows ? belongs into the operation's parameters", quotedPath(path))
		case strings.Contains(path, "#"):
			return invalid("the path %s has a fragment, which is never sent: remove # and what follows it", quotedPath(path))
		case slices.Contains(segments, "."), slices.Contains(segments, ".."):
			return invalid("the path %s has a segment . or .., which clients resolve before they send it", quotedPath(path))
		}
	}
	return nil
}

// maxQuotedPath bounds how much of a path an error quotes, in bytes.
const maxQuotedPath = 100

func quotedPath(path string) string {
	return strconv.Quote(strings.ToValidUTF8(path[:min(len(path), maxQuotedPath)], ""))
}
