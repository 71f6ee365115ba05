package send

import "net/http"

// CheckHeader returns the name of a header that net/http would refuse to send,
// after asking for a connection and without naming the header.
func CheckHeader(header http.Header) (name string, ok bool) {
	for name, values := range header {
		if name == "" || !isToken(name) {
			return name, false
		}
		for _, value := range values {
			if hasControl(value) {
				return name, false
			}
		}
	}
	return "", true
}

// The characters of a token by RFC 9110, section 5.6.2, as bits: those below 64, and
// those from there to 127.
const (
	lowTokenChars  = 0x03ff6cfa00000000 // !#$%&'*+-. and digits
	highTokenChars = 0x57ffffffc7fffffe // ^_`|~ and letters
)

func isToken(name string) bool {
	for i := range len(name) {
		chars, c := uint64(lowTokenChars), name[i]
		if c >= 64 {
			chars = highTokenChars
		}
		if c >= 128 || chars>>(c%64)&1 == 0 {
			return false
		}
	}
	return true
}

func hasControl(value string) bool {
	for i := range len(value) {
		if c := value[i]; c < ' ' && c != '\t' || c == 0x7f {
			return true
		}
	}
	return false
}
