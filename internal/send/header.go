package send

import (
	"net/http"
	"strings"
)

// CheckHeader returns the name of a header that net/http would refuse to send,
// after asking for a connection and without naming the header.
func CheckHeader(header http.Header) (name string, ok bool) {
	for name, values := range header {
		if name == "" || strings.ContainsFunc(name, notTokenChar) {
			return name, false
		}
		for _, value := range values {
			if strings.ContainsFunc(value, isControl) {
				return name, false
			}
		}
	}
	return "", true
}

// notTokenChar is by RFC 9110, section 5.6.2.
func notTokenChar(r rune) bool {
	return r <= ' ' || r > '~' || strings.ContainsRune(`"(),/:;<=>?@[\]{}`, r)
}

func isControl(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }
