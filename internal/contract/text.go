package contract

import (
	"encoding/binary"
	"math/bits"
	"strings"
	"unicode/utf8"
)

// CheckText says why a text such as an id can't be sent in JSON, or nothing.
// Invalid UTF-8 would arrive as another text: encoding/json replaces it.
func CheckText(s string) (reason string) {
	switch {
	case s != "" && s[0] > ' ' && s[0] < utf8.RuneSelf && utf8.ValidString(s):
		return "" // the short way for nearly all of millions of ids
	case strings.TrimSpace(s) == "":
		return "is blank"
	case !utf8.ValidString(s):
		return "is not valid UTF-8"
	}
	return ""
}

// plainEnd returns the index of the first byte from i that is a quote, a backslash
// or a control character, or len(text).
func plainEnd(text []byte, i int) int {
	for ; i+8 <= len(text); i += 8 {
		if special := specialBytes(binary.LittleEndian.Uint64(text[i:])); special != 0 {
			return i + bits.TrailingZeros64(special)/8
		}
	}
	for i < len(text) && text[i] >= ' ' && text[i] != '"' && text[i] != '\\' {
		i++
	}
	return i
}

// specialBytes sets the highest bit of the first of eight bytes that is a quote, a
// backslash or a control character, and maybe of others after it.
func specialBytes(eight uint64) uint64 {
	const each = 0x0101010101010101
	quote, backslash := eight^each*'"', eight^each*'\\'
	return ((quote-each)&^quote | (backslash-each)&^backslash | (eight-each*' ')&^eight) & (each * 0x80)
}
