package images

import (
	"errors"
	"iter"
	"sync"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/idlist"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// outcome is what is known about one id.
type outcome uint8

const (
	pending outcome = iota // no batch with the id has ended yet
	deleted
	refused
	failed // the service, or a gateway, was not able to act
	notSent
	unknown
)

// String returns the outcome's name in JSON.
func (o outcome) String() string {
	return [...]string{"pending", "deleted", "refused", "failed", "not_sent", "unknown"}[o]
}

// words returns the outcome's name for people.
func (o outcome) words() string {
	if o == notSent {
		return "not sent"
	}
	return o.String()
}

// outcomeOf returns the outcome for the error of a request. The order matters: a refusal
// after an attempt of unknown outcome matches both sentinels.
func outcomeOf(err error) outcome {
	switch {
	case err == nil:
		return deleted
	case errors.Is(err, wrapper.ErrOutcomeUnknown):
		return unknown
	case errors.Is(err, wrapper.ErrNotSent):
		return notSent
	case errors.Is(err, wrapper.ErrServer):
		return failed
	}
	return refused
}

// outcomes holds the outcome of each id of a list. It is safe for concurrent use.
type outcomes struct {
	ids *idlist.List

	mu sync.Mutex
	of []outcome // in the order of ids
}

func newOutcomes(ids *idlist.List) *outcomes {
	return &outcomes{ids: ids, of: make([]outcome, ids.Len())}
}

func (a *outcomes) record(batch []string, o outcome) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, id := range batch {
		if i, ok := a.ids.Place(id); ok {
			a.of[i] = o
		}
	}
}

// with returns the ids that have this outcome, in their order.
func (a *outcomes) with(o outcome) []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	var found []string
	for i, id := range a.ids.IDs() {
		if a.of[i] == o {
			found = append(found, id)
		}
	}
	return found
}

// left yields the ids that are not confirmed deleted, in their order.
func (a *outcomes) left() iter.Seq[string] {
	return func(yield func(string) bool) {
		a.mu.Lock()
		defer a.mu.Unlock()
		for i, id := range a.ids.IDs() {
			if a.of[i] != deleted && !yield(id) {
				return
			}
		}
	}
}

// tally holds the number of ids with each outcome. A pending id was not sent.
type tally struct{ total, deleted, refused, failed, notSent, unknown int }

func (a *outcomes) tally() tally {
	a.mu.Lock()
	defer a.mu.Unlock()
	var n [unknown + 1]int
	for _, o := range a.of {
		n[o]++
	}
	return tally{len(a.of), n[deleted], n[refused], n[failed], n[notSent] + n[pending], n[unknown]}
}

func (t tally) left() int { return t.total - t.deleted }
