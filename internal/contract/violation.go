package contract

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// Keywords of a [Violation] that are not keywords of JSON Schema.
const (
	KeywordStatus     = "status"     // the contract documents no such status
	KeywordMediaType  = "mediaType"  // the Content-Type is missing, or not one of the contract's
	KeywordJSON       = "json"       // not one JSON value in UTF-8, or a string with half a surrogate pair
	KeywordUniqueKeys = "uniqueKeys" // an object repeats the key
	KeywordKeyCase    = "keyCase"    // the key equals one of the contract's except for case
	KeywordSize       = "size"       // the body is larger than a limit of the caller's
	KeywordDepth      = "depth"      // the value is nested more deeply than is checked
)

// MaxViolations is the maximum number of violations in one list.
const MaxViolations = 64

// Violation is one place in a body that violates the contract. It holds no
// value of the body, but the keys of its pointer are the sender's.
type Violation struct {
	// Pointer is a JSON Pointer (RFC 6901), empty for the whole body. A long
	// one ends in an ellipsis; see [Pointer].
	Pointer string
	// Keyword is the keyword of JSON Schema that is not satisfied, or one of
	// the Keyword constants.
	Keyword string
}

// maxPointer bounds a pointer in bytes: its keys are the sender's, and a body
// nested thousands of levels deep would otherwise produce a pointer as long.
const maxPointer = 512

// Pointer joins tokens to a JSON Pointer as in RFC 6901. One that would be
// longer than 512 bytes is cut after a token and ends in "/…".
func Pointer(tokens ...string) string {
	var b strings.Builder
	for _, token := range tokens {
		if !appendToken(&b, token) {
			break
		}
	}
	return b.String()
}

// EscapeToken escapes a key for use as one token of a JSON Pointer.
func EscapeToken(token string) string {
	return strings.ReplaceAll(strings.ReplaceAll(token, "~", "~0"), "/", "~1")
}

// appendToken reports whether the token had room; if not, it ends the pointer.
func appendToken(b *strings.Builder, token string) bool {
	b.WriteByte('/')
	if b.Len()+len(token) > maxPointer {
		b.WriteString("…")
		return false
	}
	b.WriteString(EscapeToken(token))
	return true
}

// path is the position of a walk through a JSON value.
type path []step

type step struct {
	key   string
	index int // -1 if key counts
}

// pathRoom is the depth that a walk reaches without allocating for its path.
const pathRoom = 8

func keyStep(key string) step  { return step{key: key, index: -1} }
func indexStep(index int) step { return step{index: index} }

// pointer costs at most maxPointer steps, however long the path is.
func (p path) pointer() string {
	var b strings.Builder
	for _, s := range p {
		token := s.key
		if s.index >= 0 {
			token = strconv.Itoa(s.index)
		}
		if !appendToken(&b, token) {
			break
		}
	}
	return b.String()
}

// violationList collects violations up to MaxViolations attempts. It counts
// attempts and not entries, since long pointers are cut and may then be equal:
// a list that dropped those for free could build pointers without end.
type violationList struct {
	found    []Violation
	attempts int
}

func (l *violationList) add(at path, keyword string) {
	if l.attempts >= MaxViolations {
		return
	}
	l.attempts++
	if v := (Violation{at.pointer(), keyword}); !slices.Contains(l.found, v) {
		l.found = append(l.found, v)
	}
}

// ordered sorts violations by their place, and drops repeated ones and those
// beyond MaxViolations.
func ordered(found []Violation) []Violation {
	slices.SortFunc(found, func(a, b Violation) int {
		return cmp.Or(cmp.Compare(a.Pointer, b.Pointer), cmp.Compare(a.Keyword, b.Keyword))
	})
	found = slices.Compact(found)
	return found[:min(len(found), MaxViolations)]
}
