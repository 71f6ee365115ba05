package contract

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// FindString returns the string, or the number as it is written, in data that names
// lead to, one object in the other: for ("data", "id") that of {"data":{"id":"x"}}. The text need not be
// valid, nor end: it is read for one value that is worth saving from a body that
// violates everything else. A name in another case is taken where the name itself
// is missing. ok is false if there is no such value, if there are several that
// differ, or if it was cut off or can't be decoded to exactly one text.
func FindString(data []byte, names ...string) (value string, ok bool) {
	found := findIn(data, names)
	return found.value, found.count > 0 && !found.ambiguous
}

func findIn(data []byte, names []string) findings {
	f := finder{data: data, names: names}
	for f.i < len(data) {
		f.step()
	}
	if f.exact.count > 0 {
		return f.exact
	}
	return f.folded
}

type finder struct {
	data  []byte
	names []string
	i     int

	level   int    // of open objects and arrays
	on      int    // how many of them, from the first, are those that names lead to
	folds   int    // the first level that a name in another case led to, or 0
	key     string // the last one of the object at hand, if that is on the way
	isValue bool   // a colon came after key

	exact, folded findings
}

// findings are the strings found so far.
type findings struct {
	value     string
	count     int
	ambiguous bool
}

func (f *findings) add(value string, ok bool) {
	f.ambiguous = f.ambiguous || !ok || f.count > 0 && f.value != value
	f.value = value
	f.count++
}

func (f *finder) step() {
	switch c := f.data[f.i]; c {
	case '"':
		f.text()
		return
	case '{', '[':
		f.open(c == '{')
	case '}', ']':
		f.level = max(f.level-1, 0)
		f.on = min(f.on, f.level)
		if f.folds > f.level {
			f.folds = 0
		}
		f.isValue = false
	case ':':
		f.isValue = true
	case ',':
		f.isValue = false
	case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		f.number()
		return
	}
	f.i++
}

// number reads a number, and notes it if it is a value at the end of the way. One
// that the end of the data may have cut off is none.
func (f *finder) number() {
	start := f.i
	for f.i < len(f.data) && isNumberByte(f.data[f.i]) {
		f.i++
	}
	if f.level > 0 && f.on == f.level && f.isValue && f.level == len(f.names) && f.leads() {
		literal := f.data[start:f.i]
		f.found().add(string(literal), f.i < len(f.data) && json.Valid(literal))
	}
}

// found is where a value under key belongs.
func (f *finder) found() *findings {
	if f.folds > 0 || f.key != f.names[f.level-1] {
		return &f.folded
	}
	return &f.exact
}

func (f *finder) open(object bool) {
	if object && f.on == f.level && f.on < len(f.names) && (f.level == 0 || f.isValue && f.leads()) {
		f.on++
		if f.level > 0 && f.folds == 0 && f.key != f.names[f.level-1] {
			f.folds = f.level + 1
		}
	}
	f.level++
	f.isValue = false
}

// leads reports whether key is the name that leads on from the object at hand.
func (f *finder) leads() bool { return strings.EqualFold(f.key, f.names[f.level-1]) }

// text reads a string, and notes what is a key on the way or a value at its end.
func (f *finder) text() {
	start := f.i
	for f.i++; f.i < len(f.data) && f.data[f.i] != '"'; f.i++ {
		if f.data[f.i] == '\\' {
			f.i++
		}
	}
	f.i++
	if f.i > len(f.data) || f.level == 0 || f.on != f.level {
		return
	}
	literal := f.data[start:f.i]
	switch {
	case !f.isValue:
		f.key, _ = decodeText(literal)
	case f.level == len(f.names) && f.leads():
		f.found().add(decodeText(literal))
	}
}

// decodeText decodes a JSON string that stands for exactly one text. Of a body
// full of strings, each is decoded: the short way is for those without escapes.
func decodeText(literal []byte) (text string, ok bool) {
	if inside := literal[1 : len(literal)-1]; bytes.IndexByte(inside, '\\') < 0 && len(inside) < 128 {
		text = string(inside)
		return text, strings.IndexFunc(text, isNoText) < 0
	}
	ok = utf8.Valid(literal) && json.Unmarshal(literal, &text) == nil && !strings.ContainsRune(text, utf8.RuneError)
	return text, ok
}

// isNoText matches what JSON does not allow in a string, and what stands for bytes
// that are not UTF-8.
func isNoText(r rune) bool { return r < ' ' || r == utf8.RuneError }
