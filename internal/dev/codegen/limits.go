package codegen

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Limits of a document. Readers and the generator take time that grows with the square of
// each, or faster; the published contract has below a tenth of all.
const (
	maxNesting  = 200  // levels of objects and lists
	maxMembers  = 1000 // members of one object, and objects of one list
	maxLayering = 50   // references and members of allOf that lead from one to the next
)

// checkLimits refuses a document that would take minutes to read or to generate from. It
// takes little time itself.
func checkLimits(root node) error {
	l := limits{draft{root}, map[uintptr]int{}}
	place, reason := l.exceeded(root, 0)
	if reason == "" {
		return nil
	}
	return fmt.Errorf("%s; see %s", reason, shorten(place, 3*maxLineText))
}

// limits remembers how many layers the objects of a document have.
type limits struct {
	draft
	layered map[uintptr]int
}

// exceeded returns the first place in a value that is beyond a limit, and the reason.
func (l limits) exceeded(value any, depth int) (place, reason string) {
	inner, isList := value.([]any)
	object, isObject := value.(node)
	switch {
	case (isList || isObject) && depth > maxNesting:
		return "", fmt.Sprintf("it is nested more than %d levels deep", maxNesting)
	case len(object) > maxMembers:
		return "", fmt.Sprintf("an object has %d members; at most %d can be imported", len(object), maxMembers)
	case len(inner) > maxMembers && len(objects(inner)) > maxMembers:
		return "", fmt.Sprintf("a list has %d objects; at most %d can be imported", len(objects(inner)), maxMembers)
	}
	for i, item := range inner {
		if place, reason = l.exceeded(item, depth+1); reason != "" {
			return "/" + strconv.Itoa(i) + place, reason
		}
	}
	for _, key := range slices.Sorted(maps.Keys(object)) {
		if place, reason = l.exceeded(object[key], depth+1); reason != "" {
			return "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(key) + place, reason
		}
	}
	if l.layersBelow(object) > maxLayering {
		return "", fmt.Sprintf("more than %d references or members of allOf lead from one to the next", maxLayering)
	}
	return "", ""
}

// layersBelow returns how many references and members of allOf lead on from an object,
// one after the other. It does not count the step that closes a circle.
func (l limits) layersBelow(n node) int {
	id := identity(n)
	if count, known := l.layered[id]; known || n == nil {
		return count
	}
	l.layered[id] = 0
	next := objects(n["allOf"])
	if ref, ok := n["$ref"].(string); ok {
		next = append(next, l.at(ref))
	}
	deepest := 0
	for _, object := range next {
		deepest = max(deepest, 1+l.layersBelow(object))
	}
	l.layered[id] = deepest
	return deepest
}
