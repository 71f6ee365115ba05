// Package purge works off a sequence of ids in batches, several at a time, and
// accounts for each id once. How a batch is sent, and what the errors are, is the
// caller's.
package purge

import (
	"context"
	"iter"
)

// Options says how [Run] works. All functions but Check must be set.
type Options struct {
	BatchSize   int  // ids in one batch; less than 1 counts as 1
	Concurrency int  // batches that are sent at a time; less than 1 counts as 1
	Isolate     bool // bisect a batch that is refused for its content

	// Check returns why id can't be sent, or nil. An id that can't be is yielded
	// alone with that error. It is called on the goroutine of the loop.
	Check func(id string) error
	// Send sends one request with ids, and says what came of it. doubt means that
	// an earlier request with these ids may have been carried out. It is called on
	// a goroutine of its own, and must return soon after ctx has ended.
	Send func(ctx context.Context, ids []string, doubt bool) Verdict
	// Kept returns the error of a batch that was pulled but is not sent, for that
	// reason: a Verdict's Stop, or the error and the cause of the context.
	Kept func(reason error, doubt bool) error
}

// Verdict is what is known of a batch after one request.
type Verdict struct {
	Err   error // what the ids are yielded with; nil if all were carried out
	Split bool  // refused for what is in it, so that a part of it may be accepted
	Doubt bool  // the request may have been carried out in spite of Err
	Stop  error // why nothing more may be sent, or nil
}

// Run pulls ids and yields each in exactly one batch, with that batch's error.
//
// The sequence is pulled on the goroutine of the loop, and only as fast as
// batches are sent, so that memory is bounded by BatchSize × Concurrency. Ids
// that can't be sent count as well: while a request is under way, at most
// BatchSize of them are yielded before its outcome is awaited.
//
// Once ctx has ended or a Verdict said Stop, nothing more is pulled or sent, and
// what was pulled is still yielded. Breaking out of the loop cancels what is under
// way. No goroutine outlives the loop. The sequence that Run returns may be ranged
// over again if ids may.
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
	broken   bool // yield returned false: it must not be called again
	inFlight int
	batch    []string
	skipped  int // ids that can't be sent, since a result was last awaited
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
	if l.stopped() != nil {
		return false
	}
	return len(l.batch) < l.opts.BatchSize || l.dispatch()
}

// skip yields an id that can't be sent. Such ids cost no time, so that a great many
// could be pulled before a response that forbids it is seen: after BatchSize of
// them it waits for one.
func (l *loop) skip(id string, err error) bool {
	if !l.receiveReady() || !l.deliver([]string{id}, err) || l.stopped() != nil {
		return false
	}
	if l.skipped++; l.skipped >= l.opts.BatchSize && l.inFlight > 0 {
		l.skipped = 0
		return l.receive() && l.receiveReady() && l.stopped() == nil
	}
	return true
}

// dispatch sends the batch as soon as a place is free, and yields results in the
// meantime.
func (l *loop) dispatch() bool {
	for l.inFlight >= l.opts.Concurrency {
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
		l.deliver(batch, l.opts.Kept(reason, false))
		return false
	}
	l.inFlight++
	go l.send(batch)
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
	r := <-l.results
	if r.done {
		l.inFlight--
		return true
	}
	return l.deliver(r.ids, r.err)
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
		if r := <-l.results; r.done {
			l.inFlight--
		}
	}
}
