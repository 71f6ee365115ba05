package contract

import (
	"encoding/binary"
	"encoding/json"
	"math/bits"
	"reflect"
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
	size, plain := plainTexts(texts)
	body := append(make([]byte, 0, size+len(f.before)+len(f.after)+len("]")), f.before...)
	for i, text := range texts {
		reason := ""
		if plain {
			body = append(append(append(body, '"'), text...), '"')
		} else if body, reason = AppendText(body, text); reason != "" {
			return nil, &TextError{Pointer(name, strconv.Itoa(i)), reason}
		}
		body = append(body, ',')
	}
	if !f.found {
		return marshalWhole(v) // the property has another name, or is left out if it is nil
	}
	body = body[:len(body)-min(len(texts), len(","))]
	return append(append(body, ']'), f.after...), nil
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
	whole, _ := json.Marshal(rest) // an error is that of marshalWhole, too
	f := &frame{of: reflect.TypeFor[T](), name: name}
	if at := nullUnder(name, whole); at > 0 {
		f.found, f.before, f.after = true, append(whole[:at:at], '['), whole[at+len("null"):]
	}
	if f.found && reflect.ValueOf(rest).IsZero() {
		emptyFrame.Store(f)
	}
	return f
}

// nullUnder returns where the null of an object's property begins, or 0 if it was not
// found. A property of an object further in may have the same name.
func nullUnder(name string, object []byte) int {
	p := prover{cursor: cursor{body: object}, objects: maxObjects}
	for more := p.takes('{'); more; more = p.takes(',') {
		key, ok := p.key()
		if p.next() == 'n' && string(key) == name {
			return p.i
		}
		if !ok || !p.value(nil, 0) {
			break
		}
	}
	return 0
}

// AppendText appends a text to a JSON document, as a string, unless [CheckText] has a
// reason against it. The characters <, > and & stay as they are.
func AppendText(to []byte, s string) (text []byte, reason string) {
	if reason = CheckText(s); reason != "" {
		return to, reason
	}
	text = append(append(append(to, '"'), s...), '"')
	if plainEnd(text, len(to)+1) == len(text)-1 {
		return text, ""
	}
	literal, _ := json.Marshal(s) // which no string can fail
	return append(to, literal...), ""
}

// plainTexts returns the size of texts as a list in JSON, and whether they are plain: of
// eight bytes or more, which are ASCII, no backslash, and come after the quote there, as
// a space does not. False is no verdict. Most ids are plain, and there may be millions.
func plainTexts(texts []string) (size int, ok bool) {
	plain := uint64(highest)
	for _, text := range texts {
		size += len(text) + len(`"",`)
		if len(text) < 8 {
			plain = 0
			continue
		}
		plain &= plainASCII(text[len(text)-8:])
		for ; len(text) > 8; text = text[8:] {
			plain &= plainASCII(text)
		}
	}
	return size, plain == highest
}

// plainASCII sets the highest bit for each of eight bytes that may be in a plain text. One
// that is not ASCII spoils that of the next one, too, which does no harm.
func plainASCII(text string) uint64 {
	eight := binary.LittleEndian.Uint64([]byte(text))
	return (eight + each*(0x80-'#')) & ((eight ^ each*'\\') + each*0x7f) &^ eight
}

// plainEnd returns the index of the first byte from i that is a quote, a backslash
// or a control character, or len(text).
func plainEnd(text []byte, i int) int {
	rest := text[i:]
	for ; len(rest) >= 8; rest = rest[8:] {
		if special := ^plainBytes(binary.LittleEndian.Uint64(rest)) & highest; special != 0 {
			return len(text) - len(rest) + bits.TrailingZeros64(special)/8
		}
	}
	for len(rest) > 0 && rest[0] >= ' ' && rest[0] != '"' && rest[0] != '\\' {
		rest = rest[1:]
	}
	return len(text) - len(rest)
}

const (
	each    = 0x0101010101010101 // times a byte is a word of eight such bytes
	highest = each * 0x80
)

// plainBytes sets the highest bit of each of eight bytes that is no quote, backslash or
// control character. Without its own highest bit, no byte spoils the one after it.
func plainBytes(eight uint64) uint64 {
	low := eight &^ highest
	return ((low^each*'"')+each*0x7f)&((low^each*'\\')+each*0x7f)&(low+each*(0x80-' ')) | eight
}
