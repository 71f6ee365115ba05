package contract

import (
	"regexp"
	"sync/atomic"
)

// lateRegexp is a regular expression that is compiled at its first use. A program that
// imports this package may never need it, and would otherwise wait for it at its start.
type lateRegexp struct {
	text     string
	compiled atomic.Pointer[regexp.Regexp]
}

func (l *lateRegexp) get() *regexp.Regexp {
	if l.compiled.Load() == nil {
		l.compiled.Store(regexp.MustCompile(l.text))
	}
	return l.compiled.Load()
}
