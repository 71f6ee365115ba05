// Package purge works off a sequence of ids in batches, several at a time, and
// accounts for each id once. How a batch is sent, and what the errors are, is the
// caller's.
package purge

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"slices"
)

// Options says how [Run] works. All functions but Check must be set.
type Options struct {
	BatchSize   int  // ids in one batch; less than 1 counts as 1
	Concurrency int  // batches that are sent at a time; less than 1 counts as 1
	StopAfter   int  // failed requests in a row after which no more are sent; less than 1 for no limit
	Isolate     bool // bisect a batch that is refused for its content or its size

	// Check returns why id can't be sent, or nil. An id that can't be is yielded
	// alone with that error. It is called on the goroutine of the loop.
	Check func(id string) error
	// Send sends one request with ids, and says what came of it. doubt means that
	// an earlier request with these ids may have been carried out. It is called on
	// a goroutine of its own, and must return soon after ctx has ended.
	Send func(ctx context.Context, ids []string, doubt bool) Verdict
	// NotSent returns the error of a batch that was pulled but is not sent, for that
	// reason: a Verdict's Stop, an error of too many failures in a row that wraps
	// the last Verdict's Failed, or the error and the cause of the context.
	// refused is the Err of the request that held these ids before, in a larger
	// batch; nil if there was none.
	NotSent func(reason, refused error) error
	// Aborted returns the error of ids whose Send ended its goroutine.
	Aborted func() error
}

// WithDefaults returns o with d's numbers in place of zeros. It refuses negative ones.
func (o Options) WithDefaults(d Options) (Options, error) {
	switch {
	case o.BatchSize < 0:
		return o, errors.New("the BatchSize is negative")
	case o.Concurrency < 0:
		return o, errors.New("the Concurrency is negative")
	case o.StopAfter < 0:
		return o, errors.New("the StopAfter is negative; use math.MaxInt for no limit")
	}
	o.BatchSize = cmp.Or(o.BatchSize, d.BatchSize)
	o.Concurrency = cmp.Or(o.Concurrency, d.Concurrency)
	o.StopAfter = cmp.Or(o.StopAfter, d.StopAfter)
	return o, nil
}

// Verdict is what is known of a batch after one request.
type Verdict struct {
	Err    error // what the ids are yielded with; nil if all were carried out
	Split  bool  // refused for what is in it or how many, so that a part of it may be accepted
	Doubt  bool  // the request may have been carried out in spite of Err
	Unsent bool  // nothing was sent
	Failed error // why it failed, if the next request is likely to fail as well; else nil
	Stop   error // why nothing more may be sent, or nil
}

// Run pulls ids and yields each in exactly one batch, with that batch's error.
//
// The sequence is pulled on the goroutine of the loop, and only as fast as
// batches are sent, so that memory is bounded by BatchSize × Concurrency.
//
// Once a Verdict said Stop, or StopAfter requests in a row have failed, nothing
// more is sent; the rest of ids is still pulled, and yielded in batches with the
// error of NotSent. Only the end of ctx and breaking out of the loop end the pulling.
// At the end of ctx, what was pulled is still yielded; breaking out cancels what is
// under way. No goroutine outlives the loop. The sequence that Run returns may be
// ranged over again if ids may.
func Run(ctx context.Context, ids iter.Seq[string], opts Options) iter.Seq2[[]string, error] {
	opts.BatchSize, opts.Concurrency = max(opts.BatchSize, 1), max(opts.Concurrency, 1)
	return func(yield func([]string, error) bool) {
		l := &loop{senders: newSenders(ctx, opts), yield: yield}
		defer l.close()
		for id := range ids {
			if !l.add(id) {
				break
			}
		}
		l.finish()
	}
}

// loop is the side of a run that pulls and yields. The senders are the other.
type loop struct {
	*senders
	yield    func([]string, error) bool
	broken   bool     // yield returned false: it must not be called again
	inFlight int      // batches
	started  int      // senders that have not ended
	batch    []string // that is being filled
}

// maxBatchHint bounds what is allocated before the ids of a batch are there.
const maxBatchHint = 4096

// add takes an id that was pulled. It reports whether to pull another.
func (l *loop) add(id string) bool {
	if l.opts.Check != nil {
		if err := l.opts.Check(id); err != nil {
			return l.skip(id, err)
		}
	}
	if l.batch == nil {
		l.batch = make([]string, 0, min(l.opts.BatchSize, maxBatchHint))
	}
	l.batch = append(l.batch, id)
	if l.ctx.Err() != nil {
		return false
	}
	return len(l.batch) < l.opts.BatchSize || l.dispatch()
}

// skip yields an id that can't be sent.
func (l *loop) skip(id string, err error) bool {
	return l.receiveReady() && l.deliver([]string{id}, err) && l.ctx.Err() == nil
}

// dispatch sends the batch as soon as a place is free, and yields results in the
// meantime. If nothing more is sent, it yields the batch. It reports whether to
// pull another id.
func (l *loop) dispatch() bool {
	for l.stopped() == nil && l.inFlight >= l.opts.Concurrency {
		if !l.receive() {
			return false
		}
	}
	if !l.receiveReady() {
		return false
	}
	batch := l.batch
	l.batch = nil
	if reason := l.stopped(); reason != nil {
		return l.deliver(batch, l.opts.NotSent(reason, nil)) && l.ctx.Err() == nil
	}
	if l.inFlight++; l.inFlight > l.started {
		l.started++
		l.start(batch)
	} else {
		l.batches <- batch
	}
	return true
}

// finish accounts for what has been pulled.
func (l *loop) finish() {
	if !l.broken && len(l.batch) > 0 {
		l.dispatch()
	}
	for !l.broken && l.inFlight > 0 {
		l.receive()
	}
}

// receiveReady yields the results that are there. It reports whether the loop goes on.
func (l *loop) receiveReady() bool {
	for len(l.results) > 0 {
		if !l.receive() {
			return false
		}
	}
	return true
}

// receive waits for a result or the end of a sender. It reports whether the loop
// goes on.
func (l *loop) receive() bool {
	r := l.next()
	return r.done || l.deliver(r.ids, r.err)
}

// next waits for a result, and counts what has ended with it.
func (l *loop) next() result {
	r := <-l.results
	if r.done {
		l.inFlight--
	}
	if r.ended {
		l.started--
	}
	return r
}

func (l *loop) deliver(ids []string, err error) bool {
	if !l.broken && !l.yield(ids, err) {
		l.broken = true
	}
	return !l.broken
}

// close ends the senders, also when the loop's body or the sequence panics.
func (l *loop) close() {
	l.cancel()
	for l.inFlight > 0 {
		l.next()
	}
	close(l.batches)
	l.running.Wait()
}

// Without returns an error with the text of err that matches, under errors.Is, what
// err matches except for these targets. It is for a [Verdict]'s Failed, which goes
// into the errors of other ids: not all that was true of some ids is of others.
func Without(err error, targets ...error) error { return partly{err, targets} }

type partly struct {
	err  error
	omit []error
}

func (e partly) Error() string { return e.err.Error() }

func (e partly) Is(target error) bool {
	return !slices.Contains(e.omit, target) && errors.Is(e.err, target)
}
