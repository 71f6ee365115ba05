package durable

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/riverqueue/river"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

const (
	// maxHold is how long a job waits for a place, at most, before it goes back to its queue.
	maxHold = 30 * time.Second
	// placePoll is the time between two looks for a place that another process has freed.
	placePoll = 250 * time.Millisecond
	// maxCrowded is how many times a response that only reads like that of a full plan is
	// taken for one: it may be wrong.
	maxCrowded = 40
)

// submitBound is how long a job of the submit queue takes at most while the database can be reached.
func (s *WorkerSet) submitBound() time.Duration { return s.hold() + s.lease() }

// hold is how long a job waits for a place.
func (s *WorkerSet) hold() time.Duration { return min(maxHold, s.opts.SubmitTimeout) }

// lease is how long a submission may take until its outcome is recorded. A row that has been
// submitting for longer is in doubt.
func (s *WorkerSet) lease() time.Duration { return s.opts.SubmitTimeout + s.opts.SubmitTimeout/3 }

// submitWorker submits a job once.
type submitWorker struct {
	river.WorkerDefaults[submitArgs]
	set *WorkerSet
}

// Timeout bounds the wait for a place. It does not bound what happens to a job that has been
// claimed.
func (w *submitWorker) Timeout(*river.Job[submitArgs]) time.Duration { return w.set.submitBound() }

func (w *submitWorker) NextRetry(job *river.Job[submitArgs]) time.Time { return retryAt(job.Attempt) }

// retryAt is when River repeats a job that has failed, mostly for lack of the database.
func retryAt(attempt int) time.Time {
	return time.Now().Add(min(time.Second<<min(attempt, 6), time.Minute))
}

// Work claims the job, submits it and records the outcome. What River does with its own job
// has no influence on how often the request is sent.
func (w *submitWorker) Work(ctx context.Context, job *river.Job[submitArgs]) error {
	c, err := w.set.place(ctx, job.Args.Key)
	switch {
	case ctx.Err() != nil && err != nil:
		return river.JobSnooze(0)
	case err != nil:
		return w.set.plain(err)
	case c.standing == isCrowded:
		return river.JobSnooze(w.set.pause.left())
	case c.standing == isTaken:
		return w.set.lookAgain(ctx, c)
	case c.standing == isSettled:
		return nil
	}
	return w.set.submit(ctx, c)
}

// place claims a job as soon as there is a place for its task. After a while without one it gives up
// with the standing isCrowded. One job of the process at a time looks for a place.
func (s *WorkerSet) place(ctx context.Context, key string) (claim, error) {
	ctx, cancel := context.WithTimeout(ctx, s.hold())
	defer cancel()
	attempt := rand.Text()
	crowded := claim{standing: isCrowded}
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-s.stopped:
		return crowded, nil
	case <-ctx.Done():
		return crowded, nil
	}
	for {
		if !s.await(ctx, s.pause.left(), nil) {
			return crowded, nil
		}
		c, err := s.claim(ctx, key, attempt)
		if err != nil || c.standing != isCrowded {
			return c, err
		}
		if !s.await(ctx, placePoll, s.freed) {
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
	c, err := s.store.claim(ctx, key, attempt, s.opts.Parallel, s.lease())
	if err == nil {
		return c, nil
	}
	c = claim{key: key, attempt: attempt}
	undo := insist(ctx, func(ctx context.Context) error { return s.store.ended(ctx, c, batch.Planned, "") })
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

// submit sends a job that was claimed.
func (s *WorkerSet) submit(ctx context.Context, c claim) error {
	if reason := s.secretIn(c.request); reason != nil {
		return s.settle(ctx, c, batch.Refused, reason)
	}
	paid, cancel := outliving(ctx, s.opts.SubmitTimeout)
	id, err := s.client.Generate(paid, c.request)
	cancel()
	verdict, id := batch.Judge(id, err)
	if verdict == batch.VerdictNoPlace && !errors.Is(err, wrapper.ErrRateLimited) {
		if c.crowded++; c.crowded > maxCrowded {
			verdict = batch.VerdictRefused
		}
	}
	switch verdict {
	case batch.VerdictCreated:
		s.pause.reset()
		return s.keep(ctx, c, id)
	case batch.VerdictInDoubt:
		return s.settle(ctx, c, batch.InDoubt, err)
	case batch.VerdictRefused:
		return s.settle(ctx, c, batch.Refused, err)
	case batch.VerdictStop:
		return s.putBack(ctx, c, err, refusedPause)
	}
	return s.putBack(ctx, c, err, retryAfter(err))
}

// secretIn refuses a request that holds the key by mistake: it would be in the task's prompt.
func (s *WorkerSet) secretIn(r wrapper.GenerateRequest) error {
	for _, text := range []string{r.Prompt, r.ImageURL, r.Resolution, string(r.Model)} {
		if s.client.Redact(text) != text {
			return errors.New("durable: the request holds the API key; enqueue it without, under another key")
		}
	}
	return nil
}

func retryAfter(err error) time.Duration {
	var refused *wrapper.APIError
	if errors.As(err, &refused) {
		return refused.RetryAfter
	}
	return 0
}

// keep records the id of a task, at all costs.
func (s *WorkerSet) keep(ctx context.Context, c claim, id string) error {
	if !isText(id) || len(id) > maxTaskID {
		return s.settle(ctx, c, batch.InDoubt, fmt.Errorf("durable: a task was created whose id can't be recorded: %.200q", id))
	}
	var stray bool
	err := insist(ctx, func(ctx context.Context) (err error) {
		stray, err = s.store.created(ctx, c, id)
		return err
	})
	switch {
	case err != nil:
		lost := fmt.Errorf("durable: job %.80q: task %.200q %w: %w", c.key, id, batch.ErrUnrecorded, s.plain(err))
		s.opts.Logger.ErrorContext(ctx, "a task was paid for and its id could not be recorded; Resolve the job with it",
			slog.String("key", c.key), slog.String("task", id), slog.Any("error", lost))
		return lost
	case stray:
		s.opts.Logger.ErrorContext(ctx, "a task was paid for whose job has been decided about meanwhile; see Store.Strays",
			slog.String("key", c.key), slog.String("task", id))
	default:
		s.changed(c, batch.Result{State: batch.Submitted, TaskID: id})
	}
	return nil
}

const maxTaskID = 1024

// settle records that a job is refused or in doubt, and nothing more is to be done.
func (s *WorkerSet) settle(ctx context.Context, c claim, state batch.State, reason error) error {
	text := s.text(reason)
	if err := insist(ctx, func(ctx context.Context) error { return s.store.ended(ctx, c, state, text) }); err != nil {
		return s.plain(err)
	}
	if state == batch.InDoubt {
		s.inDoubt(ctx, c.key, reason)
	}
	s.changed(c, batch.Result{State: state, Err: reason})
	return nil
}

// putBack records that a job was not submitted, and lets it come again.
func (s *WorkerSet) putBack(ctx context.Context, c claim, reason error, atLeast time.Duration) error {
	wait := s.pause.extend(atLeast)
	s.opts.Logger.WarnContext(ctx, "the service has not accepted a job, which is submitted again later",
		slog.String("key", c.key), slog.Duration("wait", wait), slog.String("error", s.text(reason)))
	text := s.text(reason)
	if err := insist(ctx, func(ctx context.Context) error { return s.store.ended(ctx, c, batch.Planned, text) }); err != nil {
		return s.plain(err)
	}
	s.changed(c, batch.Result{State: batch.Planned, Err: reason})
	return river.JobSnooze(wait)
}

func (s *WorkerSet) inDoubt(ctx context.Context, key string, reason error) {
	s.opts.Logger.ErrorContext(ctx, "nobody knows whether a job was paid; look for its task in the web console, then Resolve or Resubmit it",
		slog.String("key", key), slog.String("error", s.text(reason)))
}

// changed tells OnChange of a change that was recorded.
func (s *WorkerSet) changed(c claim, r batch.Result) {
	if s.opts.OnChange != nil {
		r.Key, r.Model, r.Prompt = c.key, c.request.Model, strings.ToValidUTF8(c.request.Prompt[:min(len(c.request.Prompt), maxPrompt)], "")
		s.opts.OnChange(r)
	}
}
