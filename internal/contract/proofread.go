package contract

import (
	"bytes"
	"slices"
	"strconv"
	"unicode/utf8"
)

// prover reads a body along a provable. Any doubt ends it for good, wherever in the
// body that leaves it.
type prover struct {
	cursor
	code    int   // that the envelope must have
	objects int   // that may still begin
	steps   int64 // of a walk, that are left
}

// Bounds of what is proven. The depth and the names keep a path below the maxPathWork
// of a walk.
const (
	maxProvenDepth = 64
	maxProvenName  = 256 // of a property, in bytes
	maxProperties  = 64  // of one object
	maxUnknownKeys = 8   // of one object
	maxDigits      = 18  // of a number, so that each fits 64 bits
)

// anything is a value that the contract does not describe.
var anything = provable{kinds: anyKind, digits: maxDigits}

func (n *provable) proves(body []byte, code int) bool {
	p := prover{cursor: cursor{body: body}, code: code, objects: maxObjects, steps: minSteps + int64(len(body))}
	return p.value(n, 0) && p.next() == 0 && p.i == len(body) && p.steps >= 0 && utf8.Valid(body)
}

func (p *prover) value(n *provable, depth int) bool {
	if n == nil {
		n = &anything
	}
	found, first, start, cost := kind(0), p.next(), p.i, 1
	switch {
	case first == '{' && p.object(n, depth+1):
		found = kindObject
	case first == '[' && p.array(n, depth+1):
		found = kindArray
	case first == '"' && p.text():
		found = kindString
		cost += (p.i - start) / bytesPerStep
	case first == 't' && p.word("true"), first == 'f' && p.word("false"):
		found = kindBoolean
	case first == 'n' && p.word("null"):
		found = kindNull
	case first == '-' || first-'0' <= 9:
		found = p.numeral(n.digits)
	}
	p.steps -= n.weight * int64(cost)
	return found&n.kinds != 0 && (n.literals == nil || slices.Contains(n.literals, string(p.body[start:p.i])))
}

func (p *prover) array(n *provable, depth int) bool {
	p.i++
	for first := true; !p.takes(']'); first = false {
		if depth > maxProvenDepth || !first && !p.takes(',') || !p.value(n.items, depth) {
			return false
		}
	}
	return true
}

// members are the keys of one object.
type members struct {
	seen    uint64 // a bit for each property
	unknown [maxUnknownKeys][]byte
	count   int // of those
}

func (p *prover) object(n *provable, depth int) bool {
	var m members
	p.objects--
	p.i++
	for first := true; !p.takes('}'); first = false {
		if depth > maxProvenDepth || !first && !p.takes(',') || !p.member(n, &m, depth) {
			return false
		}
	}
	return p.objects >= 0 && m.seen&n.required == n.required
}

func (p *prover) member(n *provable, m *members, depth int) bool {
	key, ok := p.key()
	first, start, at := p.next(), p.i, n.at(key)
	p.steps -= n.weight
	if !ok || at < 0 {
		return ok && m.adds(key, n) && p.value(nil, depth)
	}
	property, before := &n.properties[at], m.seen
	m.seen |= 1 << at
	if first == 'n' && property.optional {
		ok = p.word("null")
	} else {
		ok = p.value(property.value, depth)
	}
	if n.isEnvelope && depth == 1 && string(key) == "code" {
		code, err := strconv.Atoi(string(p.body[start:p.i]))
		ok = ok && err == nil && code == p.code
	}
	return ok && m.seen != before
}

// adds notes a key that is no property's. It is false if that was there before, or
// would be taken for a property by a struct.
func (m *members) adds(key []byte, n *provable) bool {
	for i := range n.properties {
		if bytes.EqualFold([]byte(n.properties[i].name), key) {
			return false
		}
	}
	if m.count == maxUnknownKeys || slices.ContainsFunc(m.unknown[:m.count], func(other []byte) bool { return bytes.Equal(other, key) }) {
		return false
	}
	m.unknown[m.count] = key
	m.count++
	return true
}

// numeral reads a number without an exponent, an integer of so many digits at most.
func (p *prover) numeral(most int) kind {
	p.is('-')
	start := p.i
	whole := p.digits()
	if whole == 0 || p.body[start] == '0' && whole > 1 || whole > most {
		return 0
	}
	if !p.is('.') {
		return kindInteger | kindNumber
	}
	if fraction := p.digits(); fraction == 0 || whole+fraction > maxDigits {
		return 0
	}
	return kindNumber
}
