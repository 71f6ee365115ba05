package durable

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"github.com/riverqueue/river"
)

const (
	// maxHold is how long a job waits for a place, at most, before it goes back to its queue.
	maxHold = 30 * time.Second
	// placePoll is the time between two looks for a place that another process has freed.
	placePoll = 250 * time.Millisecond
)

// submitBound is how long a job of the submit queue takes at most while the database can be reached.
func (s *WorkerSet) submitBound() time.Duration { return s.hold() + s.lease() }

// hold is how long a job waits for a place.
func (s *WorkerSet) hold() time.Duration { return min(maxHold, s.opts.SubmitTimeout) }

// lease is how long a submission may take until its outcome is recorded. A row that has been
// submitting for longer is in doubt.
func (s *WorkerSet) lease() time.Duration { return s.opts.SubmitTimeout + s.opts.SubmitTimeout/3 }

// place claims a job as soon as there is a place for its task. After a while without one it gives up
// with the standing isCrowded. One job of the process at a time looks for a place.
func (s *WorkerSet) place(ctx context.Context, key string) (claim, error) {
	held, cancel := context.WithTimeout(ctx, s.hold())
	defer cancel()
	attempt := rand.Text()
	crowded := claim{standing: isCrowded}
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-s.stopped:
		return crowded, nil
	case <-held.Done():
		return crowded, nil
	}
	for {
		if !s.await(held, s.pause.left(), nil) {
			return crowded, nil
		}
		c, err := s.claim(ctx, key, attempt)
		if err != nil || c.standing != isCrowded {
			return c, err
		}
		if !s.await(held, placePoll, s.freed) {
			return crowded, nil
		}
	}
}

// await waits, at most until something is sent to early, and reports whether more may be submitted.
func (s *WorkerSet) await(ctx context.Context, d time.Duration, early <-chan struct{}) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-early:
	case <-s.stopped:
	case <-ctx.Done():
	}
	select {
	case <-s.stopped:
		return false
	default:
		return ctx.Err() == nil
	}
}

// claim claims a job. After an error it makes sure that the row is not left as submitting: nothing
// has been sent.
func (s *WorkerSet) claim(ctx context.Context, key, attempt string) (claim, error) {
	begun := time.Now()
	try, cancel := context.WithTimeout(ctx, s.limits.try)
	c, err := s.store.claim(try, key, attempt, s.opts.Parallel, s.lease())
	cancel()
	if err == nil {
		c.begun = begun
		return c, nil
	}
	c = claim{key: key, attempt: attempt}
	undo := s.limits.insist(ctx, func(ctx context.Context) error { return s.store.unclaim(ctx, c) })
	return c, errors.Join(err, undo)
}

// lookAgain comes back when the lease of another attempt has ended, or makes the job in doubt.
func (s *WorkerSet) lookAgain(ctx context.Context, c claim) error {
	if c.lease > 0 {
		return river.JobSnooze(c.lease + time.Second)
	}
	done, err := s.store.doubt(ctx, c.key)
	if err != nil {
		return s.plain(err)
	}
	if done {
		s.inDoubt(ctx, c.key, errors.New(abandoned))
	}
	return nil
}
