package send

import (
	"encoding/binary"
	"net/http"
)

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

// hasControl looks at eight bytes at a time for what is below a space or has the bits of
// 0x7f, and then at each of them.
func hasControl(value string) bool {
	const each = 0x0101010101010101
	i := 0
	for ; i+8 <= len(value); i += 8 {
		eight := binary.LittleEndian.Uint64([]byte(value[i : i+8]))
		del := eight ^ each*0x7f
		if ((eight-each*' ')&^eight|(del-each)&^del)&(each*0x80) != 0 && hasControlByte(value[i:i+8]) {
			return true
		}
	}
	return hasControlByte(value[i:])
}

func hasControlByte(value string) bool {
	for i := range len(value) {
		if c := value[i]; c < ' ' && c != '\t' || c == 0x7f {
			return true
		}
	}
	return false
}
