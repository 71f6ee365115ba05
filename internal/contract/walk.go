package contract

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/getkin/kin-openapi/openapi3"
)

// What a check costs at most. The validator's cost grows with the square of the
// depth, since it writes out the error of a level in that of each level above,
// and unions multiply it. All of these are beyond any body of use; what the
// contract does not describe is not walked, and may be nested as JSON may be.
const (
	maxDepth    = 250
	maxPathWork = 4 << 20 // the depth times the bytes of the keys on the way
	minSteps    = 1 << 18 // granted to a body of any size, and one more for each of its bytes
	maxWeight   = int64(1 << 30)
)

// walk follows a value along the shape of its schema. It lists what the
// validator does not see, and reports what checking the value will cost.
type walk struct {
	violationList
	at        path
	keyBytes  int   // of the keys in at
	steps     int64 // left
	deepest   int
	tooDeep   bool                              // then the validator must not see the value
	stoppedAt string                            // the pointer of what is too deep
	isLax     bool                              // an optional property that is null counts as missing, and is removed
	active    []*shape                          // that the value at hand is walked along
	quick     []openapi3.SchemaValidationOption // of a check that only says yes or no
}

// value walks value; weight is how often the validator visits it.
func (w *walk) value(value any, s *shape, weight int64) {
	outer := w.active
	w.active = nil
	w.same(value, s, s.names, weight)
	w.active = outer
}

// same walks the value at hand along one more shape, unless that is one of its
// own parts. The names are those of all properties that the value may have.
func (w *walk) same(value any, s *shape, names map[string]bool, weight int64) {
	if w.tooDeep || slices.Contains(w.active, s) {
		return
	}
	if w.steps -= weight * int64(s.parts) * costOf(value); s.copies > 0 {
		w.countCopies(value, weight*int64(s.copies))
	}
	if w.steps < 0 || len(w.at) > maxDepth || len(w.at)*w.keyBytes > maxPathWork {
		w.stop()
		return
	}
	w.deepest = max(w.deepest, len(w.at))
	switch value := value.(type) {
	case json.Number:
		if s.bits != 0 && !fitsInteger(value, s.bits) {
			w.add(w.at, "type")
		}
	case []any:
		for i, item := range value {
			w.each(indexStep(i), item, s.items, weight)
		}
	case map[string]any:
		for key, v := range value {
			if v == nil && w.isLax && s.optional[key] {
				delete(value, key)
				continue
			}
			w.property(key, v, s, names, weight)
		}
	}
	if len(s.unions) == 0 {
		return
	}
	w.active = append(w.active, s)
	for _, u := range s.unions {
		w.union(value, u, names, weight)
	}
	w.active = w.active[:len(w.active)-1]
}

// bytesPerStep is how much of a text the validator looks at in the time of a step.
const bytesPerStep = 32

// costOf returns the steps of one visit to value, without those to what is in it:
// the validator sorts the keys of an object, parses numbers and matches strings.
func costOf(value any) int64 {
	switch value := value.(type) {
	case json.Number:
		return 1 + int64(len(value)/bytesPerStep)
	case string:
		return 1 + int64(len(value)/bytesPerStep)
	case map[string]any:
		return 1 + int64(len(value))
	}
	return 1
}

// countCopies takes a step for each value that is copied, that many times. It goes
// no further than the steps that are left.
func (w *walk) countCopies(value any, times int64) {
	if w.steps -= times; w.steps < 0 {
		return
	}
	switch value := value.(type) {
	case []any:
		for _, item := range value {
			if w.countCopies(item, times); w.steps < 0 {
				return
			}
		}
	case map[string]any:
		for _, v := range value {
			if w.countCopies(v, times); w.steps < 0 {
				return
			}
		}
	}
}

// stop ends the walk. What was found so far is of no use beside the reason.
func (w *walk) stop() {
	if !w.tooDeep {
		w.tooDeep = true
		w.stoppedAt = w.at.pointer()
	}
}

func (w *walk) property(key string, value any, s *shape, names map[string]bool, weight int64) {
	if subs, declared := s.properties[key]; declared {
		w.each(keyStep(key), value, subs, weight)
		return
	}
	if !s.isMap && !names[key] && s.folded[foldKey(key)] {
		w.at = append(w.at, keyStep(key))
		w.add(w.at, KeywordKeyCase)
		w.at = w.at[:len(w.at)-1]
		return
	}
	w.each(keyStep(key), value, s.others, weight)
}

func (w *walk) each(at step, value any, shapes []*shape, weight int64) {
	if len(shapes) == 0 || w.tooDeep {
		return
	}
	w.at = append(w.at, at)
	w.keyBytes += len(at.key)
	for _, s := range shapes {
		w.value(value, s, weight)
	}
	w.keyBytes -= len(at.key)
	w.at = w.at[:len(w.at)-1]
}

// foldKey returns the same text for keys that are equal under [strings.EqualFold],
// so that a key is not compared with each property.
func foldKey(key string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return r - ('a' - 'A') // the least of those that fold to it
		}
		least := r
		for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
			least = min(least, other)
		}
		return least
	}, key)
}

// fitsInteger reports whether encoding/json would take a number for an integer
// of that many bits: 1000.0, 1e3 and 2^63 are integers to the validator only.
func fitsInteger(literal json.Number, bits int) bool {
	_, err := strconv.ParseInt(literal.String(), 10, bits)
	return err == nil
}
