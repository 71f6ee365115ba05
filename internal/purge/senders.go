package purge

import (
	"context"
	"fmt"
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
	results chan result
}

// result is the outcome of a batch, or the end of a sender.
type result struct {
	ids  []string
	err  error
	done bool
}

func newSenders(ctx context.Context, opts Options) *senders {
	ctx, cancel := context.WithCancel(ctx)
	return &senders{opts: opts, ctx: ctx, cancel: cancel, results: make(chan result, min(opts.Concurrency, maxResults))}
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

// send settles a batch. It frees its place even if a function of the caller's ends
// the goroutine.
func (s *senders) send(ids []string) {
	defer func() { s.results <- result{done: true} }()
	s.settle(ids, nil, false)
}

// settle sends ids in one request or, by halves, in several. refused is the error
// of the batch that ids are a half of, or nil. Halves of a batch that may have been
// carried out stay in doubt, whatever becomes of them.
func (s *senders) settle(ids []string, refused error, doubt bool) {
	if reason := s.stopped(); reason != nil {
		s.results <- result{ids: ids, err: s.opts.Kept(reason, refused)}
		return
	}
	v := s.opts.Send(s.ctx, ids, doubt)
	s.count(v)
	if s.opts.Isolate && v.Split && len(ids) > 1 {
		doubt = doubt || v.Doubt
		half := len(ids) / 2
		s.settle(ids[:half:half], v.Err, doubt) // a capacity of its own: the loop may append to it
		s.settle(ids[half:], v.Err, doubt)
		return
	}
	s.results <- result{ids: ids, err: v.Err}
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
