package contract

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// prover reads a body along a provable. Any doubt ends it for good, wherever in the
// body that leaves it.
type prover struct {
	body    []byte
	i       int
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
	p := prover{body: body, code: code, objects: maxObjects, steps: minSteps + int64(len(body))}
	return p.value(n, 0) && p.next() == 0 && p.i == len(body) && p.steps >= 0 && utf8.Valid(body)
}

// next skips white space, and returns the byte it stops at or, at the end, 0.
func (p *prover) next() byte {
	for ; p.i < len(p.body); p.i++ {
		if c := p.body[p.i]; c != ' ' && c != '\n' && c != '\t' && c != '\r' {
			return c
		}
	}
	return 0
}

// takes skips white space and a character after it, if it is there.
func (p *prover) takes(c byte) bool {
	if p.next() != c {
		return false
	}
	p.i++
	return true
}

func (p *prover) value(n *provable, depth int) bool {
	if n == nil {
		n = &anything
	}
	c, found := p.next(), kind(0)
	start, cost := p.i, 1
	switch c {
	case '{':
		found = p.object(n, depth+1)
	case '[':
		found = p.array(n, depth+1)
	case '"':
		found = p.text()
		cost += (p.i - start) / bytesPerStep
	case 't':
		found = p.word("true", kindBoolean)
	case 'f':
		found = p.word("false", kindBoolean)
	case 'n':
		found = p.word("null", kindNull)
	default:
		found = p.numeral(n.digits)
	}
	p.steps -= n.weight * int64(cost)
	return found&n.kinds != 0 && (n.literals == nil || slices.Contains(n.literals, string(p.body[start:p.i])))
}

func (p *prover) array(n *provable, depth int) kind {
	p.i++
	for first := true; !p.takes(']'); first = false {
		if depth > maxProvenDepth || !first && !p.takes(',') || !p.value(n.items, depth) {
			return 0
		}
	}
	return kindArray
}

// members are the keys of one object.
type members struct {
	seen    uint64 // a bit for each property
	unknown [maxUnknownKeys][]byte
	count   int // of those
}

func (p *prover) object(n *provable, depth int) kind {
	var m members
	p.objects--
	p.i++
	for first := true; !p.takes('}'); first = false {
		if depth > maxProvenDepth || !first && !p.takes(',') || !p.member(n, &m, depth) {
			return 0
		}
	}
	if p.objects < 0 || m.seen&n.required != n.required {
		return 0
	}
	return kindObject
}

func (p *prover) member(n *provable, m *members, depth int) bool {
	key, ok := p.key()
	p.next()
	start, declared := p.i, n.properties[string(key)]
	repeated := m.seen&declared.bit != 0
	m.seen |= declared.bit
	p.steps -= n.weight
	switch {
	case !ok || repeated:
		return false
	case declared.bit == 0:
		ok = m.adds(key, n) && p.value(nil, depth)
	case !declared.optional || p.word("null", kindNull) == 0:
		ok = p.value(declared.value, depth)
	}
	if n.isEnvelope && depth == 1 && string(key) == "code" {
		code, err := strconv.Atoi(string(p.body[start:p.i]))
		ok = ok && err == nil && code == p.code
	}
	return ok
}

// adds notes a key that is no property's. It is false if that was there before, or
// would be taken for a property by a struct.
func (m *members) adds(key []byte, n *provable) bool {
	for name := range n.properties {
		if bytes.EqualFold([]byte(name), key) {
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

// key reads a key without escapes, and the colon after it.
func (p *prover) key() ([]byte, bool) {
	if !p.takes('"') {
		return nil, false
	}
	start := p.i
	p.i = plainEnd(p.body, start)
	key := p.body[start:p.i]
	return key, p.word(`"`, kindString) != 0 && p.takes(':')
}

// text reads a string. An escape of half a surrogate pair is a doubt, even if the
// other half follows.
func (p *prover) text() kind {
	for p.i = plainEnd(p.body, p.i+1); p.i+1 < len(p.body) && p.body[p.i] == '\\'; p.i = plainEnd(p.body, p.i) {
		if strings.IndexByte(`"\/bfnrt`, p.body[p.i+1]) >= 0 {
			p.i += 2
		} else if char, ok := hexRune(string(p.body[p.i:min(p.i+escapeSize, len(p.body))])); ok && utf8.ValidRune(char) {
			p.i += escapeSize
		} else {
			return 0
		}
	}
	return p.word(`"`, kindString)
}

func (p *prover) word(word string, found kind) kind {
	if !bytes.HasPrefix(p.body[p.i:], []byte(word)) {
		return 0
	}
	p.i += len(word)
	return found
}

// numeral reads a number without an exponent, an integer of so many digits at most.
func (p *prover) numeral(most int) kind {
	p.word("-", 0)
	start := p.i
	whole := p.digits()
	if whole == 0 || p.body[start] == '0' && whole > 1 || whole > most {
		return 0
	}
	if p.word(".", kindNumber) == 0 {
		return kindInteger | kindNumber
	}
	if fraction := p.digits(); fraction == 0 || whole+fraction > maxDigits {
		return 0
	}
	return kindNumber
}

// digits reads digits, and returns how many.
func (p *prover) digits() int {
	start := p.i
	for p.i < len(p.body) && p.body[p.i]-'0' <= 9 {
		p.i++
	}
	return p.i - start
}
