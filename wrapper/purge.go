package wrapper

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"unicode/utf8"
)

// PurgeOptions say how [Client.PurgeImagesTasks] works. The zero value is ready for use.
type PurgeOptions struct {
	// UID is sent with every batch, if it is not empty.
	UID string
	// BatchSize is how many ids go into one request. 0 means [DefaultBatchSize].
	BatchSize int
	// Concurrency is how many requests are under way at once. 0 means
	// [DefaultConcurrency]; more than [MaxConnections] needs [WithHTTPClient].
	Concurrency int
	// Isolate splits a batch that the service refuses, until each refused id
	// stands alone and the others are confirmed by requests of their own.
	Isolate bool
}

func (o PurgeOptions) withDefaults() (PurgeOptions, error) {
	switch {
	case o.BatchSize < 0:
		return o, errors.New("PurgeOptions.BatchSize is negative")
	case o.Concurrency < 0:
		return o, errors.New("PurgeOptions.Concurrency is negative")
	case !utf8.ValidString(o.UID):
		return o, errors.New("PurgeOptions.UID is not valid UTF-8")
	}
	if o.BatchSize == 0 {
		o.BatchSize = DefaultBatchSize
	}
	if o.Concurrency == 0 {
		o.Concurrency = DefaultConcurrency
	}
	return o, nil
}

// PurgeImagesTasks deletes any number of image tasks, in batches, with the
// requests of [Client.DeleteImagesTask]. Each id that it takes from taskIDs is
// yielded in exactly one batch together with that batch's outcome: nil if the
// service confirmed the deletion, else an error that matches [ErrNotSent] if
// the service certainly did not act, [ErrOutcomeUnknown] if it may have, and
// neither after a plain refusal. An id that can't be sent (blank, or not valid
// UTF-8) is yielded alone, with [ErrInvalidRequest].
//
// taskIDs is pulled on the caller's goroutine and only as fast as batches are
// sent, so that memory is bounded by BatchSize × Concurrency; while it blocks,
// nothing is yielded and the end of the context is not seen. When the context
// ends or the service refuses the key ([ErrUnauthorized]), nothing more is
// pulled or sent, and what was pulled is still yielded. Breaking out of the loop
// cancels what is under way. No goroutine outlives the loop.
//
// Options that are not usable, or a nil context or sequence, yield one
// [ErrInvalidRequest] without ids.
func (c *Client) PurgeImagesTasks(ctx context.Context, taskIDs iter.Seq[string], opts PurgeOptions) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		opts, err := opts.withDefaults()
		switch {
		case ctx == nil:
			err = errors.New("the context is nil")
		case taskIDs == nil:
			err = errors.New("the sequence of ids is nil")
		}
		if err != nil {
			yield(nil, invalid(opDeleteImagesTask, "", "%v", err))
			return
		}
		p := newPurge(ctx, c, opts, yield)
		defer p.close()
		for id := range taskIDs {
			if !p.add(id) {
				break
			}
		}
		p.finish()
	}
}

// purge is the loop's side of one PurgeImagesTasks; workers are the other.
type purge struct {
	*workers
	opts     PurgeOptions
	yield    func([]string, error) bool
	broken   bool // the loop's body has ended: yield must not be called again
	inFlight int
	batch    []string
}

func newPurge(ctx context.Context, c *Client, opts PurgeOptions, yield func([]string, error) bool) *purge {
	return &purge{workers: newWorkers(ctx, c, opts), opts: opts, yield: yield}
}

// add takes an id that was pulled. It reports whether to pull another.
func (p *purge) add(id string) bool {
	if !isPlain(id) {
		if reason := idFault(id); reason != "" {
			return p.receiveReady() && p.deliver([]string{id}, invalid(opDeleteImagesTask, "/taskids", "an id %s", reason)) && p.stopped() == nil
		}
	}
	if p.batch == nil {
		p.batch = make([]string, 0, min(p.opts.BatchSize, maxBatchHint))
	}
	p.batch = append(p.batch, id)
	if p.stopped() != nil {
		return false
	}
	if len(p.batch) < p.opts.BatchSize {
		return true
	}
	return p.dispatch()
}

// maxBatchHint bounds what is allocated before any id of a batch is there.
const maxBatchHint = 4096

// dispatch sends the batch as soon as a worker is free, and delivers results
// in the meantime.
func (p *purge) dispatch() bool {
	for p.inFlight >= p.opts.Concurrency {
		if !p.receive() {
			return false
		}
	}
	if !p.receiveReady() {
		return false
	}
	batch := p.batch
	p.batch = nil
	if reason := p.stopped(); reason != nil {
		p.deliver(batch, notSent(reason))
		return false
	}
	p.inFlight++
	go p.work(batch)
	return true
}

// finish accounts for what has been pulled.
func (p *purge) finish() {
	if !p.broken && len(p.batch) > 0 {
		p.dispatch()
	}
	for !p.broken && p.inFlight > 0 {
		p.receive()
	}
}

// receiveReady delivers the results that are there.
func (p *purge) receiveReady() bool {
	for len(p.results) > 0 {
		if !p.receive() {
			return false
		}
	}
	return true
}

func (p *purge) receive() bool {
	r := <-p.results
	if r.done {
		p.inFlight--
		return true
	}
	return p.deliver(r.ids, r.err)
}

func (p *purge) deliver(ids []string, err error) bool {
	if !p.broken && !p.yield(ids, err) {
		p.broken = true
	}
	return !p.broken
}

// close ends the workers, also when the loop's body or the source panics.
func (p *purge) close() {
	p.cancel()
	for p.inFlight > 0 {
		if r := <-p.results; r.done {
			p.inFlight--
		}
	}
}

// notSent is the error of a batch that was pulled, and kept back for a reason.
func notSent(reason error) error {
	err := fmt.Errorf("the purge was stopped: %w", reason)
	return &TransportError{Operation: opDeleteImagesTask, Err: err, outcome: outcomeNotSent}
}
