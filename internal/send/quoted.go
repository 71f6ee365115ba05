package send

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// quoting lists what net/http says before it quotes bytes of a response that it can't parse. They
// may be those of a body that came where a status line or a header was due.
var quoting = []string{
	"malformed HTTP ", "malformed MIME header", "Content-Length", "transfer encoding", "railer key", "invalid header field", "invalid pseudo-header",
}

// quotedBy returns the text of an error without the bytes of a response that it quotes, and the
// first of these. ok is false if it quotes none.
func quotedBy(err error) (text string, quoted []byte, ok bool) {
	text = BareCause(err).Error()
	at := strings.IndexByte(text, '"')
	if at < 0 || !slices.ContainsFunc(quoting, func(words string) bool { return strings.Contains(text[:at], words) }) {
		return "", nil, false
	}
	literal, _ := strconv.QuotedPrefix(text[at:])
	bytes, _ := strconv.Unquote(literal)
	return strings.TrimSuffix(strings.TrimRight(text[:at], " :["), "; got"), []byte(bytes), true
}

// withoutQuoted returns err, or an error with its text but for the bytes of a response. Nobody
// finds these by unwrapping it.
func withoutQuoted(err error) error {
	if text, _, ok := quotedBy(err); ok {
		return &malformedError{text, err}
	}
	return err
}

type malformedError struct {
	text  string
	cause error
}

func (e *malformedError) Error() string        { return e.text }
func (e *malformedError) Is(target error) bool { return errors.Is(e.cause, target) }

// GoString keeps %#v from printing the cause.
func (e *malformedError) GoString() string { return fmt.Sprintf("%T(%q)", e, e.text) }
