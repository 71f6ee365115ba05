package main

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
	pending outcome = iota // nothing has been told yet
	deleted
	refused
	notSent
	unknown
)

// String is the outcome's name in JSON.
func (o outcome) String() string {
	return [...]string{"pending", "deleted", "refused", "not_sent", "unknown"}[o]
}

// words is the outcome's name for people.
func (o outcome) words() string {
	if o == notSent {
		return "not sent"
	}
	return o.String()
}

// outcomeOf sorts the error of a batch. The order matters: a refusal that
// followed an attempt of unknown outcome is both.
func outcomeOf(err error) outcome {
	switch {
	case err == nil:
		return deleted
	case errors.Is(err, wrapper.ErrOutcomeUnknown):
		return unknown
	case errors.Is(err, wrapper.ErrNotSent):
		return notSent
	}
	return refused
}

// account knows the outcome of each id. It is safe for concurrent use.
type account struct {
	ids *idlist.List

	mu       sync.Mutex
	outcomes []outcome // in the order of ids
}

func newAccount(ids *idlist.List) *account {
	return &account{ids: ids, outcomes: make([]outcome, ids.Len())}
}

func (a *account) record(batch []string, o outcome) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, id := range batch {
		if i, ok := a.ids.Place(id); ok {
			a.outcomes[i] = o
		}
	}
}

// with returns the ids that have this outcome, in their order.
func (a *account) with(o outcome) []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	var found []string
	for i, id := range a.ids.IDs() {
		if a.outcomes[i] == o {
			found = append(found, id)
		}
	}
	return found
}

// left yields the ids that are not confirmed deleted, in their order.
func (a *account) left() iter.Seq[string] {
	return func(yield func(string) bool) {
		a.mu.Lock()
		defer a.mu.Unlock()
		for i, id := range a.ids.IDs() {
			if a.outcomes[i] != deleted && !yield(id) {
				return
			}
		}
	}
}

// tally is how many ids have each outcome. What is pending was not sent.
type tally struct{ total, deleted, refused, notSent, unknown int }

func (a *account) tally() tally {
	a.mu.Lock()
	defer a.mu.Unlock()
	var n [unknown + 1]int
	for _, o := range a.outcomes {
		n[o]++
	}
	return tally{len(a.outcomes), n[deleted], n[refused], n[notSent] + n[pending], n[unknown]}
}

func (t tally) left() int { return t.total - t.deleted }
