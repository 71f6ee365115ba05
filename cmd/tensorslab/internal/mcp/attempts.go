package mcp

import (
	"context"
	"encoding/json"
	"slices"
	"sync"
)

// attempts remember the generations whose calls were cancelled, as hosts do when a call
// takes longer than they wait. An agent that then repeats the call gets the outcome of the
// first one, so that it does not pay twice. The zero value is ready for use.
type attempts struct {
	mu  sync.Mutex
	all []*attempt
}

// attempt is a generation that is under way, or whose outcome the agent does not know.
type attempt struct {
	arguments string
	call      context.Context //nolint:containedctx // it ends if the agent gave up
	done      chan struct{}   // closed when there is an outcome
	out       generateOut
}

// begin returns a new attempt or, if there is an equal one, that one. Equal calls at the
// same time come one after the other: the next may be there before the news that the one
// before it was cancelled.
func (a *attempts) begin(ctx context.Context, in generateIn) (mine, earlier *attempt) {
	arguments, _ := json.Marshal(in) // texts and numbers alone cannot fail
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, one := range a.all {
		if one.arguments == string(arguments) {
			return nil, one
		}
	}
	mine = &attempt{arguments: string(arguments), call: ctx, done: make(chan struct{})}
	a.all = append(a.all, mine)
	return mine, nil
}

// end records an outcome. It is kept if the agent will not see it and a repetition of the
// call might be paid for a second time.
func (a *attempts) end(one *attempt, out generateOut) {
	a.mu.Lock()
	defer a.mu.Unlock()
	one.out = out
	close(one.done)
	if matters := out.Outcome == outcomeCreated || out.Outcome == outcomeUnknown; !matters || one.call.Err() == nil {
		a.remove(one)
	}
}

// await returns the outcome of an earlier attempt, if the agent does not know it. Otherwise
// the caller may begin, unless ctx has ended.
func (a *attempts) await(ctx context.Context, one *attempt) (out generateOut, ok bool) {
	select {
	case <-one.done:
	case <-ctx.Done():
		return generateOut{}, false
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if ctx.Err() != nil || !slices.Contains(a.all, one) { // nobody sees what is returned, or somebody has seen it
		return generateOut{}, false
	}
	a.remove(one)
	return one.out, true
}

func (a *attempts) remove(one *attempt) {
	a.all = slices.DeleteFunc(a.all, func(other *attempt) bool { return other == one })
}
