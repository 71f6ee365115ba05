package contract

import (
	"encoding/json"
	"maps"
	"slices"
	"time"
)

// maxSearched is how many bytes of a document are read again, in all, to find the place
// of an error: a few hundred times a document of the usual size.
const maxSearched = 32 << 20

// maxSearchTime ends a search in a large document, which takes long to read once: nobody
// should wait minutes for a reason because its place is being searched for.
const maxSearchTime = 5 * time.Second

// culprit is a search for the place of an error that a reader of documents gives
// without one, as kin-openapi does for a value of a wrong type.
type culprit struct {
	root map[string]any
	read func(document []byte) error
	was  string // the error
	left int    // bytes; below zero ends the search
	end  time.Time
}

// culpritOf returns a pointer to the smallest part of a document without which read
// has no error, or another one; nothing if that is the whole document.
func culpritOf(root map[string]any, read func([]byte) error, err error) string {
	c := culprit{root, read, reasonOf(err), maxSearched, time.Now().Add(maxSearchTime)}
	var at path
	for value := any(root); ; {
		step, child, ok := c.below(value)
		if !ok {
			return at.pointer()
		}
		at, value = append(at, step), child
	}
}

// below returns the one part of a value that the error is about. A part without which
// there is no error at all counts before one without which there is another.
func (c *culprit) below(value any) (found step, child any, ok bool) {
	type part struct {
		step  step
		child any
	}
	var cured, others []part
	try := func(s step, child any, put func(any), leave func()) {
		switch gone, valid := c.without(child, put, leave); {
		case valid:
			cured = append(cured, part{s, child})
		case gone:
			others = append(others, part{s, child})
		}
	}
	switch value := value.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(value)) {
			try(keyStep(key), value[key], func(v any) { value[key] = v }, func() { delete(value, key) })
		}
	case []any:
		for i := range value {
			try(indexStep(i), value[i], func(v any) { value[i] = v }, nil)
		}
	}
	if len(cured) == 0 {
		cured = others
	}
	if len(cured) != 1 || c.left < 0 {
		return step{}, nil, false
	}
	return cured[0].step, cured[0].child, true
}

// without reports whether the error is gone from a document in which a part is empty,
// and from one that lacks it; and whether one of them is valid.
func (c *culprit) without(child any, put func(any), leave func()) (gone, valid bool) {
	defer put(child)
	tries := 0
	gone = true
	try := func() {
		if tries++; c.left < 0 {
			gone = false
			return
		}
		text, _ := json.Marshal(c.root) // what was JSON still is
		if c.left -= len(text); c.left < 0 || time.Now().After(c.end) {
			gone, c.left = false, -1
			return
		}
		err := c.read(text)
		valid = valid || err == nil
		gone = gone && (err == nil || reasonOf(err) != c.was)
	}
	switch child.(type) {
	case map[string]any:
		put(map[string]any{})
		try()
	case []any:
		put([]any{})
		try()
	}
	if leave != nil {
		leave()
		try()
	}
	return gone && tries > 0, valid && gone
}
