package durable

import (
	"errors"
	"fmt"
	"regexp"

	"github.com/tensorslab/tensorslab-go/internal/redact"
)

// maxError bounds the text of an error in the tables.
const maxError = 1024

// queries matches what may be signed in an address.
var queries = regexp.MustCompile(`(https?://[^\s?#"'<>]*)[?#][^\s"'<>]*`)

// text returns the text of an error, on one line, without the key and without the signatures
// of addresses: for the tables, which people and other programs read.
func (s *WorkerSet) text(err error) string {
	if err == nil {
		return ""
	}
	return redact.OneLine(queries.ReplaceAllString(s.client.Redact(err.Error()), "$1"), maxError)
}

// recovered, deferred by a worker, makes an error of a panic in the caller's code, such as a
// transport, a logger or Options.OnChange. River would keep its text, which may hold the key.
func (s *WorkerSet) recovered(err *error) {
	if p := recover(); p != nil {
		*err = s.plain(fmt.Errorf("durable: panic: %v", p))
	}
}

// plain returns an error for River, which keeps its text in a table.
func (s *WorkerSet) plain(err error) error { return errors.New(s.text(err)) }
