package contract

import (
	"encoding/binary"
	"encoding/json"
	"math/bits"
	"slices"
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

// AppendText appends a text to a JSON document, as a string, unless [CheckText] has a
// reason against it. The characters <, > and & stay as they are.
func AppendText(to []byte, s string) (text []byte, reason string) {
	start := len(to)
	text = append(append(append(to, '"'), s...), '"')
	if isPlainText(text[start+1 : len(text)-1]) {
		return text, ""
	}
	if reason = CheckText(s); reason != "" {
		return to, reason
	}
	literal, _ := json.Marshal(s) // which no string can fail
	return append(text[:start], literal...), ""
}

// isPlainText reports whether a text is ASCII, begins with something to see, and needs
// no escapes. False is no verdict. Most ids are plain, and there may be millions.
func isPlainText(text []byte) bool {
	if len(text) < 8 {
		return len(text) > 0 && text[0] > ' ' && plainEnd(text, 0) == len(text) && !slices.ContainsFunc(text, func(c byte) bool { return c >= utf8.RuneSelf })
	}
	last := binary.LittleEndian.Uint64(text[len(text)-8:])
	found := specialBytes(last) | last
	for i := 0; i+8 < len(text); i += 8 {
		eight := binary.LittleEndian.Uint64(text[i:])
		found |= specialBytes(eight) | eight
	}
	return text[0] > ' ' && found&(each*utf8.RuneSelf) == 0
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

// each times a byte is a word of eight such bytes.
const each = 0x0101010101010101

// specialBytes sets the highest bit of the first of eight bytes that is a quote, a
// backslash or a control character, and maybe of others after it.
func specialBytes(eight uint64) uint64 {
	quote, backslash := eight^each*'"', eight^each*'\\'
	return ((quote-each)&^quote | (backslash-each)&^backslash | (eight-each*' ')&^eight) & (each * 0x80)
}
