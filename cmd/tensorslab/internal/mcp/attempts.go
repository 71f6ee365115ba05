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

// attempt is a generation whose outcome the agent does not know.
type attempt struct {
	arguments string
	call      context.Context //nolint:containedctx // it ends if the agent gave up
	done      chan struct{}   // closed when there is an outcome
	out       generateOut
	claimed   bool // a later call is waiting for the outcome
}

// begin returns a new attempt or, if the agent has given up an equal one, that one.
func (a *attempts) begin(ctx context.Context, in generateIn) (mine, earlier *attempt) {
	arguments, _ := json.Marshal(in) // texts and numbers alone cannot fail
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, one := range a.all {
		if one.arguments == string(arguments) && one.call.Err() != nil && !one.claimed {
			one.claimed = true
			return nil, one
		}
	}
	mine = &attempt{arguments: string(arguments), call: ctx, done: make(chan struct{})}
	a.all = append(a.all, mine)
	return mine, nil
}

// end records an outcome. It is kept if the agent will not see it and it matters.
func (a *attempts) end(one *attempt, out generateOut) {
	a.mu.Lock()
	defer a.mu.Unlock()
	one.out = out
	close(one.done)
	if one.call.Err() == nil || !one.matters() {
		a.remove(one)
	}
}

// matters reports whether a repetition of the call might be paid for a second time.
func (one *attempt) matters() bool {
	return one.out.Outcome == outcomeCreated || one.out.Outcome == outcomeUnknown
}

// await returns the outcome of an attempt that the caller has claimed. Without one the
// caller may submit, unless ctx has ended.
func (a *attempts) await(ctx context.Context, one *attempt) (generateOut, bool) {
	select {
	case <-one.done:
	case <-ctx.Done():
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if ctx.Err() != nil { // nobody sees what is returned
		one.claimed = false
		return generateOut{}, false
	}
	a.remove(one)
	return one.out, one.matters()
}

func (a *attempts) remove(one *attempt) {
	a.all = slices.DeleteFunc(a.all, func(other *attempt) bool { return other == one })
}
