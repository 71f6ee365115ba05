package mcp

import (
	"context"
	"slices"
	"sync"
)

const (
	// maxAnswered is how many generations are remembered after their results were returned.
	maxAnswered = 32
	// maxGone is how many cancelled calls are remembered.
	maxGone = 4 * parallelCalls
)

// attempts remember generations, so that an agent that repeats a call gets the outcome of
// the first one and does not pay twice. That is so if the call was cancelled, as hosts do
// when it takes longer than they wait, and if its outcome is unknown. The zero value is
// ready for use.
type attempts struct {
	mu   sync.Mutex
	all  []*attempt // the oldest first
	gone []string   // the ids of the latest calls that were cancelled
}

// attempt is a generation that may have been paid for, or that is under way.
type attempt struct {
	arguments string          // as canonical returns them
	request   string          // the id of the call that gets the outcome; empty if it has none
	call      context.Context //nolint:containedctx // it ends if the agent gave up
	lost      bool            // the call was cancelled, so that the agent does not know the outcome
	ended     bool            // done is closed
	done      chan struct{}   // closed when there is an outcome
	out       generateOut
}

// repeats reports whether an equal call gets the outcome of this attempt.
func (one *attempt) repeats() bool { return one.lost || one.out.Outcome == outcomeUnknown }

// begin returns a new attempt or, if there is an equal one that has no outcome yet or whose
// outcome is to be repeated, that one. Equal calls at the same time come one after the other:
// the next may be there before the news that the one before it was cancelled.
func (a *attempts) begin(ctx context.Context, request, arguments string) (mine, earlier *attempt) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, one := range a.all {
		if one.arguments == arguments && (!one.ended || one.repeats()) {
			return nil, one
		}
	}
	mine = &attempt{arguments: arguments, request: request, lost: slices.Contains(a.gone, request), call: ctx, done: make(chan struct{})}
	a.all = append(a.all, mine)
	return mine, nil
}

// end records an outcome. It is forgotten at once if nothing was paid.
func (a *attempts) end(one *attempt, out generateOut) {
	a.mu.Lock()
	defer a.mu.Unlock()
	one.out, one.ended, one.lost = out, true, one.lost || one.call.Err() != nil
	close(one.done)
	if out.Outcome != outcomeCreated && out.Outcome != outcomeUnknown {
		a.remove(one)
	}
	a.trim()
}

// await returns the outcome of an earlier attempt once there is one, if it is to be repeated.
// Otherwise the caller may begin, unless ctx has ended.
func (a *attempts) await(ctx context.Context, one *attempt) (out generateOut, ok bool) {
	select {
	case <-one.done:
	case <-ctx.Done():
		return generateOut{}, false
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return one.out, ctx.Err() == nil && slices.Contains(a.all, one) && one.repeats()
}

// deliver records that a call returns out, which is what is now known of an attempt. It
// reports whether it is the first one to do so since the outcome was lost.
func (a *attempts) deliver(one *attempt, request string, out generateOut) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !slices.Contains(a.all, one) || !one.repeats() {
		return false
	}
	one.request, one.out, one.lost = request, out, slices.Contains(a.gone, request)
	a.trim()
	return true
}

// forget makes an equal call a new generation.
func (a *attempts) forget(one *attempt) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.remove(one)
}

// cancelled records that nobody reads the response to a call, even if its result has been
// returned already: the two may cross.
func (a *attempts) cancelled(request string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.gone = append(a.gone, request)
	a.gone = a.gone[max(0, len(a.gone)-maxGone):]
	for _, one := range slices.Backward(a.all) { // a host may use an id again
		if one.request == request {
			one.lost = true
			return
		}
	}
}

// trim forgets the oldest of the generations whose outcomes the agent knows.
func (a *attempts) trim() {
	known := func(one *attempt) bool { return one.ended && !one.repeats() }
	n := 0
	for _, one := range a.all {
		if known(one) {
			n++
		}
	}
	for ; n > maxAnswered; n-- {
		oldest := slices.IndexFunc(a.all, known)
		a.all = slices.Delete(a.all, oldest, oldest+1)
	}
}

func (a *attempts) remove(one *attempt) {
	a.all = slices.DeleteFunc(a.all, func(other *attempt) bool { return other == one })
}
