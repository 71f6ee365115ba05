package contract

import (
	"strings"
	"testing"
)

func TestRememberOnlyTheSameBytes(t *testing.T) {
	t.Parallel()
	const asJSON = "application/json"
	var o Operation
	if o.Remembers(with(200, asJSON), nil) {
		t.Error("remembers something from the start")
	}
	o.Remember(with(200, asJSON), []byte("a"))
	if !o.Remembers(with(200, asJSON), []byte("a")) {
		t.Error("does not remember the response")
	}
	if o.Remembers(with(200, asJSON), []byte("b")) || o.Remembers(with(200, asJSON), []byte("aa")) || o.Remembers(with(201, asJSON), []byte("a")) || o.Remembers(with(200, "text/html"), []byte("a")) {
		t.Error("remembers another response")
	}
	o.Remember(with(200, asJSON), []byte(strings.Repeat("x", maxMemory+1)))
	if !o.Remembers(with(200, asJSON), []byte("a")) {
		t.Error("a large body replaced the one before")
	}
}

// The operations of a document don't share what they remember.
func TestRememberByOperation(t *testing.T) {
	t.Parallel()
	d := parseText(t, grown)
	d.Operation("getImage").Remember(with(200, ""), []byte("a"))
	if d.Operation("postImage").Remembers(with(200, ""), []byte("a")) || parseText(t, grown).Operation("getImage").Remembers(with(200, ""), []byte("a")) {
		t.Error("another operation remembers it")
	}
}
