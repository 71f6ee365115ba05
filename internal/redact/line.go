package redact

import (
	"slices"
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

// Join is [errors.Join] with a text of one line, or the error itself if there is
// only one.
func Join(errs ...error) error {
	errs = slices.DeleteFunc(slices.Clone(errs), func(err error) bool { return err == nil })
	switch len(errs) {
	case 0:
		return nil
	case 1:
		return errs[0]
	}
	return joined(errs)
}

type joined []error

func (j joined) Error() string {
	texts := make([]string, len(j))
	for i, err := range j {
		texts[i] = err.Error()
	}
	return strings.Join(texts, "; ")
}

func (j joined) Unwrap() []error { return j }
