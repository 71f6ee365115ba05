package contract

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"math/bits"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
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

// TextError is a text that can't be sent.
type TextError struct {
	Pointer string // of the text, in the body that would hold it
	Reason  string // what [CheckText] says
}

// MarshalTexts is json.Marshal(v) in a fraction of the time, for a struct with many
// texts such as ids. The texts are those of its property name, and rest is v with nil in
// place of them. They are checked while they are copied, and the first one that can't
// be sent is returned. The rest is marshaled, once for all that are the zero value.
func MarshalTexts[T any](v, rest T, name string, texts []string) ([]byte, *TextError) {
	f := emptyFrame.Load()
	if f == nil || f.name != name || f.of != reflect.TypeFor[T]() || !reflect.ValueOf(rest).IsZero() {
		f = newFrame(rest, name)
	}
	size := len(f.before) + len(f.after) + len("]")
	for _, text := range texts {
		size += len(text) + len(`"",`)
	}
	body := append(make([]byte, 0, size), f.before...)
	for i, text := range texts {
		if i > 0 {
			body = append(body, ',')
		}
		reason := ""
		if body, reason = AppendText(body, text); reason != "" {
			return nil, &TextError{Pointer(name, strconv.Itoa(i)), reason}
		}
	}
	if f.found {
		return append(append(body, ']'), f.after...), nil
	}
	return marshalWhole(v) // the property has another name, or is left out if it is nil
}

func marshalWhole[T any](v T) ([]byte, *TextError) {
	whole, err := json.Marshal(v)
	if err != nil {
		return nil, &TextError{"", "can't be encoded as JSON"}
	}
	return whole, nil
}

// frame is what a struct without its texts is in JSON.
type frame struct {
	of            reflect.Type
	name          string
	before, after []byte // with the bracket before the texts, and without the one after them
	found         bool
}

// emptyFrame is the last one of a struct that held nothing else.
var emptyFrame atomic.Pointer[frame]

func newFrame[T any](rest T, name string) *frame {
	property := strconv.Quote(name) + ":"
	whole, _ := json.Marshal(rest) // an error is that of marshalWhole, too
	f := &frame{of: reflect.TypeFor[T](), name: name}
	f.before, f.after, f.found = bytes.Cut(whole, []byte(property+"null"))
	f.before = append(slices.Clip(f.before), property+"["...)
	if f.found && reflect.ValueOf(rest).IsZero() {
		emptyFrame.Store(f)
	}
	return f
}

// AppendText appends a text to a JSON document, as a string, unless [CheckText] has a
// reason against it. The characters <, > and & stay as they are.
func AppendText(to []byte, s string) (text []byte, reason string) {
	start := len(to)
	text = slices.Grow(to, len(s)+2)[:start+len(s)+2]
	text[start], text[len(text)-1] = '"', '"'
	copied := text[start+1 : len(text)-1]
	copy(copied, s)
	if isPlainText(copied) {
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
	if len(text) == 0 || text[0] <= ' ' {
		return false
	}
	if len(text) < 8 {
		return plainEnd(text, 0) == len(text) && !slices.ContainsFunc(text, func(c byte) bool { return c >= utf8.RuneSelf })
	}
	plain := plainBytes(binary.LittleEndian.Uint64(text[len(text)-8:]))
	for ; len(text) > 8; text = text[8:] {
		plain &= plainBytes(binary.LittleEndian.Uint64(text))
	}
	return plain&(each*0x80) == each*0x80
}

// plainBytes sets the highest bit of each of eight bytes that is ASCII and no quote,
// backslash or control character. A sum is of no use for a byte that is not ASCII, and
// then spoils the bytes after it.
func plainBytes(eight uint64) uint64 {
	return ((eight ^ each*'"') + each*0x7f) & ((eight ^ each*'\\') + each*0x7f) & (eight + each*(0x80-' ')) &^ eight
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
