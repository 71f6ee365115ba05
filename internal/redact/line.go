package redact

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Quoted returns s in Go syntax, control characters escaped, cut to about n bytes.
func Quoted(s string, n int) string {
	return strconv.Quote(Cut(s, n))
}

// OneLine returns s with control characters escaped, cut to about n bytes.
func OneLine(s string, n int) string {
	q := Quoted(s, n)
	return strings.ReplaceAll(q[1:len(q)-1], `\"`, `"`)
}

// Cut shortens s so that its quoted form has at most n bytes.
func Cut(s string, n int) string {
	size := 0
	for i, r := range s {
		w := utf8.RuneLen(r)
		if r == utf8.RuneError || !strconv.IsPrint(r) || r == '"' || r == '\\' {
			w = len(`\U00000000`)
		}
		if size += w; size > n {
			return s[:i] + "…"
		}
	}
	return s
}

// Join is [errors.Join] with a text of one line and of bounded length, or the error
// itself if there is only one. What it joined before counts as several.
func Join(errs ...error) error {
	var all joined
	for _, err := range errs {
		if several, ok := err.(joined); ok { //nolint:errorlint // one that wraps it has a text of its own
			all = append(all, several...)
		} else if err != nil {
			all = append(all, err)
		}
	}
	switch len(all) {
	case 0:
		return nil
	case 1:
		return all[0]
	}
	return all
}

// maxJoined is the length of the longest text of several errors, in bytes.
const maxJoined = 1000

type joined []error

// Error returns the texts of as many errors as fit, and the number of the others.
func (j joined) Error() string {
	text := j[0].Error()
	for i, err := range j[1:] {
		next, others := "; "+err.Error(), fmt.Sprintf("; and %d more", len(j)-1-i)
		if len(text)+len(next)+len(others) > maxJoined {
			return text + others
		}
		text += next
	}
	return text
}

func (j joined) Unwrap() []error { return j }
