package wrapper

import (
	"net/http"
	"strings"
)

// badHeader returns the name of a header that net/http would refuse to send,
// after a connection was asked for and in words that do not say so.
func badHeader(header http.Header) (name string, bad bool) {
	for name, values := range header {
		if name == "" || strings.ContainsFunc(name, notTokenChar) {
			return name, true
		}
		for _, value := range values {
			if strings.ContainsFunc(value, isControl) {
				return name, true
			}
		}
	}
	return "", false
}

// notTokenChar is by RFC 9110, 5.6.2.
func notTokenChar(r rune) bool {
	return r <= ' ' || r > '~' || strings.ContainsRune(`"(),/:;<=>?@[\]{}`, r)
}

func isControl(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }
