package contract

import (
	"maps"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// union is what a value may be besides its schema: a oneOf, an anyOf or a not.
type union struct {
	branches []branch
	selects  *openapi3.Discriminator // nil if the value itself decides
	isNot    bool                    // the value is to be of none of them
	isOneOf  bool
	twice    bool // the validator checks the matching branch twice
}

type branch struct {
	ref    string // by which a discriminator knows it
	schema *openapi3.Schema
	shape  *shape
}

// unionsOf appends the unions of one schema, without those of what it is made of.
func (set shapeSet) unionsOf(schema *openapi3.Schema, found []*union) []*union {
	for _, u := range []struct {
		refs openapi3.SchemaRefs
		union
	}{
		{schema.OneOf, union{isOneOf: true, twice: set.directional, selects: schema.Discriminator}},
		{schema.AnyOf, union{twice: true, selects: schema.Discriminator}},
		{openapi3.SchemaRefs{schema.Not}, union{isNot: true}},
	} {
		for _, ref := range u.refs {
			if ref != nil && ref.Value != nil {
				u.branches = append(u.branches, branch{ref.Ref, ref.Value, set.of(ref.Value)})
			}
		}
		if len(u.branches) == 0 {
			continue
		}
		if u.selects != nil {
			completeMapping(u.selects, u.branches)
		}
		found = append(found, &u.union)
	}
	return found
}

// candidates returns the branches that the validator looks at for a value: a
// discriminator with a mapping selects one.
func (u *union) candidates(value any) []branch {
	object, ok := value.(map[string]any)
	if u.selects == nil || !ok {
		return u.branches
	}
	name, _ := object[u.selects.PropertyName].(string)
	ref := u.selects.Mapping[name].Ref
	i := slices.IndexFunc(u.branches, func(b branch) bool { return ref != "" && (b.ref == ref || b.ref == schemaRef(ref)) })
	if i < 0 {
		return u.branches
	}
	return u.branches[i : i+1]
}

// union walks the branches of a union. What is found in one counts only if the value
// satisfies that branch, and what no struct of Go takes for an integer only if the
// value satisfies no branch that takes it for something else. If the value satisfies no
// branch, which is a violation, keys in another case may tell why.
func (w *walk) union(value any, u *union, names map[string]bool, weight int64) {
	if w.tooDeep {
		return
	}
	if u.twice {
		weight = min(2*weight, maxWeight)
	}
	candidates := u.candidates(value)
	if w.isLax && !u.isNot && w.hasNull(value) {
		w.dropNulls(value, u, candidates)
	}
	wasLax := w.isLax
	w.isLax = false
	defer func() { w.isLax = wasLax }()
	before, attempts := w.found, w.attempts
	var kept, hints []Violation
	var others []branch // in which nothing was found
	for _, b := range candidates {
		w.found = nil
		steps := w.steps
		w.same(value, b.shape, names, weight)
		switch {
		case len(w.found) == 0:
			others = append(others, b)
		case !u.isNot && w.satisfies(value, b, max(1, steps-w.steps)):
			kept = append(kept, w.found...)
		default:
			hints = append(hints, w.found...)
			w.attempts = attempts + len(kept)
			w.steps -= int64(len(w.found)) * stepsPerPointer
		}
	}
	kept = w.settled(kept, value, others)
	if len(kept) == 0 && len(hints) > 0 && !u.isNot && !w.satisfiesAny(value, others) {
		kept = slices.DeleteFunc(hints, isNoInteger)
		w.attempts = attempts + len(kept)
	}
	w.found = append(before, kept...)
}

// stepsPerPointer is what building the pointer of a violation costs that is dropped
// again: the number of those is not limited.
const stepsPerPointer = 64

// settled drops what was found in integers if the value satisfies a branch in which
// nothing was found.
func (w *walk) settled(found []Violation, value any, others []branch) []Violation {
	if slices.ContainsFunc(found, isNoInteger) && w.satisfiesAny(value, others) {
		return slices.DeleteFunc(found, isNoInteger)
	}
	return found
}

// isNoInteger reports whether a violation of a walk is about an integer.
func isNoInteger(v Violation) bool { return v.Keyword == "type" }

func (w *walk) satisfiesAny(value any, branches []branch) bool {
	return slices.ContainsFunc(branches, func(b branch) bool { return w.satisfies(value, b, int64(b.shape.parts)) })
}

// satisfies reports whether a value satisfies a branch. The validator then does at
// least as much as the steps say that it costs to walk the branch.
func (w *walk) satisfies(value any, b branch, steps int64) bool {
	w.countCopies(value, 1)
	if w.steps -= steps; w.steps < 0 {
		w.stop()
		return false
	}
	return b.schema.VisitJSON(value, w.quick...) == nil
}

// hasNull reports whether there is a null anywhere in value, at the cost of a step
// for each value that is looked at.
func (w *walk) hasNull(value any) bool {
	if w.steps--; w.steps < 0 {
		return false
	}
	switch value := value.(type) {
	case nil:
		return true
	case []any:
		return slices.ContainsFunc(value, w.hasNull)
	case map[string]any:
		for _, v := range value {
			if w.hasNull(v) {
				return true
			}
		}
	}
	return false
}

// dropNulls removes from value what counts as missing in the one branch that it
// satisfies then. A value that satisfies a branch as it is stays so.
func (w *walk) dropNulls(value any, u *union, candidates []branch) {
	var chosen any
	if w.satisfiesAny(value, candidates) {
		return
	}
	for _, b := range candidates {
		w.countCopies(value, int64(len(candidates)))
		if w.steps < 0 {
			return
		}
		without := deepCopy(value)
		found := w.violationList
		w.same(without, b.shape, b.shape.names, 1)
		if w.tooDeep {
			return
		}
		w.violationList = found
		if !w.satisfies(without, b, int64(b.shape.parts)) {
			continue
		}
		if chosen != nil {
			return // of a oneOf only one may match
		}
		chosen = without
		if !u.isOneOf {
			break
		}
	}
	replaceWith(value, chosen)
}

// deepCopy copies the objects and arrays of a JSON value.
func deepCopy(value any) any {
	switch value := value.(type) {
	case []any:
		list := make([]any, len(value))
		for i, item := range value {
			list[i] = deepCopy(item)
		}
		return list
	case map[string]any:
		object := make(map[string]any, len(value))
		for key, v := range value {
			object[key] = deepCopy(v)
		}
		return object
	}
	return value
}

// replaceWith makes an object or an array what another one is that was made of it by
// removing members of objects.
func replaceWith(value, other any) {
	switch other := other.(type) {
	case []any:
		copy(value.([]any), other)
	case map[string]any:
		object := value.(map[string]any)
		clear(object)
		maps.Copy(object, other)
	}
}
