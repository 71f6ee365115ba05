// Package idlist reads task ids from arguments, and from files and pipes with one id, or
// one JSON object with an id, per line. It refuses files of another kind.
package idlist

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode"
	"unicode/utf8"
)

// MaxLine is the longest line of a list, in bytes. Published ids have 15 to 22;
// a longer line is another kind of file.
const MaxLine = 4096

// List holds ids in the order in which they were added, each once. It is not safe for
// concurrent writing.
type List struct {
	ids     []string
	place   map[string]int
	repeats int
}

// New returns an empty list.
func New() *List { return &List{place: make(map[string]int)} }

// Add adds one id, which comes from an argument. The error says what is wrong with the id but
// does not show it: the argument may be a secret that was typed in the wrong place.
func (l *List) Add(id string) error {
	if reason := malformed([]byte(id)); reason != "" {
		return errors.New(reason)
	}
	l.add([]byte(id))
	return nil
}

// AddKnown adds an id of a task that was created by this machine, whatever it looks like,
// and returns its place.
func (l *List) AddKnown(id string) int {
	l.add([]byte(id))
	return l.place[id]
}

// Load adds the ids in r, one per line. A line may also be a JSON object with a member
// id, as this command writes them. Load skips blank lines and lines that begin with #,
// trims white space, and accepts CRLF and a byte order mark. An error begins with name
// and, if a line is malformed or of another kind of file, has its number.
func (l *List) Load(r io.Reader, name string) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, 16*MaxLine), maxObject)
	number := 0
	for lines.Scan() {
		number++
		line := lines.Bytes()
		if number == 1 {
			line = bytes.TrimPrefix(line, []byte("\ufeff"))
		}
		reason := l.addLine(line)
		if reason != "" && !utf8.Valid(line) && !isObject(line) { // an image, say
			return fmt.Errorf("%s is not a list of ids: line %d is not valid UTF-8", name, number)
		}
		if reason != "" {
			return fmt.Errorf("%s:%d: %s", name, number, reason)
		}
	}
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return fmt.Errorf("%s:%d: %s", name, number+1, tooLong)
	case err != nil:
		return fmt.Errorf("%s: after line %d: %w", name, number, err)
	}
	return nil
}

var tooLong = fmt.Sprintf("the line is longer than %d bytes", MaxLine)

func isObject(line []byte) bool { return bytes.HasPrefix(bytes.TrimSpace(line), []byte("{")) }

func (l *List) addLine(line []byte) (reason string) {
	id := bytes.TrimSpace(line)
	switch {
	case len(line) > MaxLine && !isObject(id):
		return tooLong
	case len(id) == 0 || id[0] == '#':
		return ""
	case isObject(id):
		text, reason := idOf(id)
		if reason != "" {
			return reason
		}
		id = []byte(text)
	}
	if reason := malformed(id); reason != "" {
		return reason
	}
	l.add(id)
	return ""
}

func (l *List) add(id []byte) {
	if _, ok := l.place[string(id)]; ok {
		l.repeats++
		return
	}
	s := string(id)
	l.place[s] = len(l.ids)
	l.ids = append(l.ids, s)
}

// malformed returns why id cannot be an id, or "". Any other id can be written to a list,
// one per line, and read back unchanged.
func malformed(id []byte) string {
	switch {
	case len(id) > MaxLine:
		return fmt.Sprintf("the id is longer than %d bytes", MaxLine)
	case len(id) > 0 && id[0] == '#':
		return "the id begins with #, which marks a comment"
	case len(id) > 0 && isPlain(id):
		return foreign(id)
	case !utf8.Valid(id):
		return "the id is not valid UTF-8"
	case len(bytes.TrimSpace(id)) == 0:
		return "the id is blank"
	case bytes.ContainsFunc(id, unicode.IsSpace):
		return "the id contains white space; write one id per line"
	case bytes.ContainsFunc(id, func(r rune) bool { return !unicode.IsGraphic(r) }):
		return "the id contains a character that is not printable"
	}
	return foreign(id)
}

// isPlain reports whether id is printable ASCII, as almost all ids are. It is the fast
// path.
func isPlain(id []byte) bool {
	for _, c := range id {
		if c <= ' ' || c > '~' {
			return false
		}
	}
	return true
}

// IDs returns the ids. The caller must not change them.
func (l *List) IDs() []string { return l.ids }

// Len returns the number of ids.
func (l *List) Len() int { return len(l.ids) }

// Repeats returns the number of ids that were dropped because they were in the list.
func (l *List) Repeats() int { return l.repeats }

// Place returns the index of id in IDs.
func (l *List) Place(id string) (int, bool) {
	i, ok := l.place[id]
	return i, ok
}
