package wrapper

import (
	"strconv"
	"strings"
)

// path is where a walk through a JSON value stands.
type path []step

type step struct {
	key   string
	index int // -1 where key counts
}

// shallow is how deep a walk goes without growing its path: deeper than any
// answer that satisfies the contract.
const shallow = 8

func keyStep(key string) step  { return step{key: key, index: -1} }
func indexStep(index int) step { return step{index: index} }
func (p path) pointer() string { return jsonPointer(p.tokens()) }
func (p path) tokens() []string {
	tokens := make([]string, len(p))
	for i, s := range p {
		if tokens[i] = s.key; s.index >= 0 {
			tokens[i] = strconv.Itoa(s.index)
		}
	}
	return tokens
}

// maxPointer bounds a pointer. Its keys are the sender's, and a body nested
// thousands of levels deep would come back as a pointer as long.
const maxPointer = 512

func escapePointer(token string) string {
	return strings.ReplaceAll(strings.ReplaceAll(token, "~", "~0"), "/", "~1")
}

// jsonPointer joins tokens as RFC 6901 has it, up to maxPointer bytes.
func jsonPointer(tokens []string) string {
	var b strings.Builder
	for _, token := range tokens {
		b.WriteByte('/')
		if b.Len()+len(token) > maxPointer {
			b.WriteString("…")
			break
		}
		b.WriteString(escapePointer(token))
	}
	return b.String()
}
