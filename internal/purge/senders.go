package purge

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
)

// maxResults bounds the results that wait to be yielded. A sender waits if there
// are as many.
const maxResults = 64

// senders send the batches of one run.
type senders struct {
	opts    Options
	ctx     context.Context //nolint:containedctx // of one run, which it ends
	cancel  context.CancelFunc
	stop    atomic.Pointer[error] // the first reason to send nothing more
	failed  atomic.Int64          // requests in a row, by the time of their end
	batches chan []string         // for senders that have none
	results chan result
	running sync.WaitGroup
}

// result is a part of a batch with its outcome, or the end of a batch.
type result struct {
	ids   []string
	err   error
	done  bool
	ended bool // and its sender's
}

func newSenders(ctx context.Context, opts Options) *senders {
	ctx, cancel := context.WithCancel(ctx)
	return &senders{
		opts: opts, ctx: ctx, cancel: cancel,
		batches: make(chan []string), results: make(chan result, min(opts.Concurrency, maxResults)),
	}
}

// stopped returns why nothing more may be sent, or nil.
func (s *senders) stopped() error {
	if reason := s.stop.Load(); reason != nil {
		return *reason
	}
	err := s.ctx.Err()
	if err == nil {
		return nil
	}
	if cause := context.Cause(s.ctx); cause != err { //nolint:errorlint // a cause that wraps it says more
		return fmt.Errorf("%w: %w", err, cause)
	}
	return err
}

// start starts a sender with its first batch. It is kept for further ones, since the
// stack that a request needs would have to grow anew in another goroutine.
func (s *senders) start(batch []string) {
	s.running.Go(func() {
		for ok := true; ok; batch, ok = <-s.batches {
			s.runBatch(batch)
		}
	})
}

// runBatch settles a batch and frees its place, even if a function of the caller's
// ends the goroutine: the ids that are not settled then are in doubt.
func (s *senders) runBatch(ids []string) {
	unsettled, ended := ids, true
	defer func() {
		if len(unsettled) > 0 {
			s.results <- result{ids: unsettled, err: s.opts.Aborted()}
		}
		s.results <- result{done: true, ended: ended}
	}()
	s.sendOrBisect(ids, nil, false, func(part []string, err error) {
		unsettled = unsettled[len(part):] // parts are settled in their order
		s.results <- result{ids: part, err: err}
	})
	ended = false
}

// sendOrBisect sends ids in one request or, by halves, in several, and settles each
// part once. refused is the error of the batch that ids are a half of, or nil. Halves
// of a batch that may have been carried out stay in doubt, whatever becomes of them.
func (s *senders) sendOrBisect(ids []string, refused error, doubt bool, settle func([]string, error)) {
	if reason := s.stopped(); reason != nil {
		settle(ids, s.opts.NotSent(reason, refused))
		return
	}
	v := s.opts.Send(s.ctx, ids, doubt)
	s.count(v)
	if v.Unsent && refused != nil {
		v.Err = s.opts.NotSent(v.Err, refused)
	}
	if s.opts.Isolate && v.Split && len(ids) > 1 {
		doubt = doubt || v.Doubt
		half := len(ids) / 2
		s.sendOrBisect(ids[:half:half], v.Err, doubt, settle) // a capacity of its own: who receives it may append to it
		s.sendOrBisect(ids[half:], v.Err, doubt, settle)
		return
	}
	settle(ids, v.Err)
}

// count decides whether anything more is sent after a request. Those that the end
// of the context cut short say nothing about the next one.
func (s *senders) count(v Verdict) {
	switch {
	case v.Stop != nil:
		s.stop.CompareAndSwap(nil, &v.Stop)
	case v.Failed == nil:
		s.failed.Store(0)
	case s.ctx.Err() == nil:
		if n := s.failed.Add(1); s.opts.StopAfter > 0 && n >= int64(s.opts.StopAfter) {
			reason := fmt.Errorf("too many consecutive failures (%d), the last: %w", n, v.Failed)
			s.stop.CompareAndSwap(nil, &reason)
		}
	}
}
