// Package vendored gives the wrapper and the fake the contract of this module.
//
// In a program it is the one of package tensorslab, and nothing can change that.
// Tests of the wrapper, of the fake and of what is built on them say what a certain
// contract leads to, so they put a contract that never changes in its place: see
// package frozen in internal/testkit. Without that, a new contract would be refused
// because of what our tests happen to send.
package vendored

import (
	"bytes"

	tensorslab "github.com/tensorslab/tensorslab-go"
)

// Source is where one service's contract comes from.
type Source struct {
	read func() []byte
}

// Images is the contract of the Images Service.
var Images = &Source{tensorslab.Spec}

// Services lists the contract of each service that this module has a client of.
var Services = []*Source{Images}

// Spec returns the OpenAPI document, as JSON.
func (s *Source) Spec() []byte { return s.read() }

// Replace puts another document in place of the vendored one, in a test's process.
// It must be called before anything reads the contract, from an init function.
func (s *Source) Replace(document []byte) {
	document = bytes.Clone(document)
	s.read = func() []byte { return bytes.Clone(document) }
}
