package durable

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"github.com/riverqueue/river"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/internal/redact"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// maxCrowded is how many times a response that only reads like that of a full plan is taken for
// one: it may be wrong.
const maxCrowded = 40

// submitWorker submits a job once.
type submitWorker struct {
	river.WorkerDefaults[submitArgs]
	set *WorkerSet
}

// Timeout is longer than Work takes: the bounds are in Work, where they do not end a submission
// whose outcome could still be recorded.
func (w *submitWorker) Timeout(*river.Job[submitArgs]) time.Duration {
	return w.set.submitBound() + w.set.limits.record + w.set.limits.grace
}

func (w *submitWorker) NextRetry(job *river.Job[submitArgs]) time.Time { return retryAt(job.Attempt) }

// retryAt is when River repeats a job that has failed, mostly for lack of the database.
func retryAt(attempt int) time.Time {
	return time.Now().Add(min(time.Second<<min(attempt, 6), time.Minute))
}

// Work claims the job, submits it and records the outcome. What River does with its own job
// has no influence on how often the request is sent.
func (w *submitWorker) Work(ctx context.Context, job *river.Job[submitArgs]) (err error) {
	defer w.set.recovered(&err)
	c, err := w.set.place(ctx, job.Args.Key)
	switch {
	case ctx.Err() != nil && err != nil:
		return river.JobSnooze(0)
	case err != nil:
		return w.set.plain(err)
	case c.standing == isCrowded:
		return river.JobSnooze(max(w.set.pause.left(), time.Second))
	case c.standing == isTaken:
		return w.set.lookAgain(ctx, c)
	case c.standing == isSettled:
		return nil
	}
	return w.set.submit(ctx, c)
}

// submit sends a job that was claimed.
func (s *WorkerSet) submit(ctx context.Context, c claim) error {
	switch {
	case ctx.Err() != nil: // since the row was claimed
		return s.settle(ctx, c, batch.Planned, nil)
	case s.client.Redact(c.key) != c.key:
		return s.hide(ctx, c)
	case s.holdsSecret(&c):
		return s.settle(ctx, c, batch.Refused, errSecret)
	}
	paid, cancel := s.limits.outliving(ctx, s.opts.SubmitTimeout-c.spent())
	defer cancel()
	if err := s.prepare(paid, &c); err != nil {
		return s.putBack(ctx, c, err, jittered(unpreparedWait))
	}
	// The machine may have slept meanwhile, and no timer of paid has noticed that.
	sending, done := context.WithTimeout(paid, s.opts.SubmitTimeout-c.spent())
	defer done()
	id, err := s.client.Generate(sending, c.request)
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
		return s.putBack(ctx, c, err, s.pause.extend(refusedPause))
	}
	return s.putBack(ctx, c, err, s.pause.extend(retryAfter(err)))
}

// unpreparedWait is after what time a job comes again that Options.Prepare has failed for.
const unpreparedWait = 30 * time.Second

// prepare calls Options.Prepare. A panic there is an error like others.
func (s *WorkerSet) prepare(ctx context.Context, c *claim) (err error) {
	if s.opts.Prepare == nil {
		return nil
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("durable: Options.Prepare has panicked: %v", p)
		}
	}()
	if err := s.opts.Prepare(ctx, c.key, &c.request); err != nil {
		return fmt.Errorf("durable: the request could not be prepared: %w", err)
	}
	return nil
}

// errSecret is the reason why a request is refused that would show the key in the task's prompt.
var errSecret = errors.New("durable: the request held the API key, and was removed; enqueue it without, under another key")

// holdsSecret reports whether a request holds the key by mistake, or has held it before. The
// request is removed from the row when the outcome is recorded.
func (s *WorkerSet) holdsSecret(c *claim) bool {
	r := c.request
	c.remove = r.Model == ""
	for _, text := range []string{r.Prompt, r.ImageURL, r.Resolution, string(r.Model)} {
		c.remove = c.remove || s.client.Redact(text) != text
	}
	return c.remove
}

// errSecretKey is the reason why a job is refused that would show the API key in the table and in logs.
var errSecretKey = errors.New("durable: the key of the job held the API key, and was replaced; enqueue the request under another key")

// hide refuses a job whose key holds the API key, and replaces its key. Enqueue could not know: it has
// no client.
func (s *WorkerSet) hide(ctx context.Context, c claim) error {
	hidden := "redacted-" + c.attempt
	changed, err := s.limits.change(ctx, func(ctx context.Context) (bool, error) { return s.store.renamed(ctx, c, hidden, errSecretKey.Error()) })
	if err != nil {
		return s.plain(err)
	}
	if changed {
		s.opts.Logger.ErrorContext(ctx, "a job was refused whose key held the API key", slog.String("key", hidden))
		c.key, c.request = hidden, wrapper.GenerateRequest{Model: c.request.Model}
		s.changed(c, batch.Result{State: batch.Refused, Err: errSecretKey})
	}
	return nil
}

// named is the key of a job in a log.
func (s *WorkerSet) named(key string) slog.Attr { return slog.String("key", s.client.Redact(key)) }

func retryAfter(err error) time.Duration {
	var refused *wrapper.APIError
	if errors.As(err, &refused) {
		return refused.RetryAfter
	}
	return 0
}

// keep records the id of a task, at all costs.
func (s *WorkerSet) keep(ctx context.Context, c claim, id string) error {
	switch {
	case s.client.Redact(id) != id:
		return s.settle(ctx, c, batch.InDoubt, errSecretID)
	case !isText(id) || len(id) > maxTaskID: // a response is bounded, and so is the line of the log
		s.opts.Logger.ErrorContext(ctx, "a task was paid for whose id can't be recorded", s.named(c.key), slog.String("task", strconv.Quote(id)))
		return s.settle(ctx, c, batch.InDoubt, fmt.Errorf("durable: a task was created whose id can't be recorded: %q", id))
	}
	var made creation
	err := s.limits.insist(ctx, func(ctx context.Context) (err error) {
		made, err = s.store.created(ctx, c, id)
		return err
	})
	switch {
	case err != nil:
		lost := fmt.Errorf("durable: job %.80q: task %.200q %w: %w", c.key, id, batch.ErrUnrecorded, s.plain(err))
		s.opts.Logger.ErrorContext(ctx, "a task was paid for and its id could not be recorded; Resolve the job with it",
			s.named(c.key), slog.String("task", id), slog.Any("error", lost))
		return lost
	case made.reason != "" && made.row:
		reason := errors.New(made.reason)
		s.inDoubt(ctx, c.key, reason)
		s.changed(c, batch.Result{State: batch.InDoubt, Err: reason})
	case made.stray:
		s.opts.Logger.ErrorContext(ctx, "a task was paid for whose job has been decided about meanwhile; see Store.Strays",
			s.named(c.key), slog.String("task", id))
	case made.row:
		s.changed(c, batch.Result{State: batch.Submitted, TaskID: id})
	}
	return nil
}

const maxTaskID = 1024

// errSecretID is the reason of a doubt about a task whose id would bring the key into the table.
var errSecretID = errors.New("durable: the service named a task whose id holds the API key, and which is not recorded; look for it in the web console")

// settle records that a job is refused or in doubt, so that nothing more is to be done, or that it was
// not sent because the process is told to stop.
func (s *WorkerSet) settle(ctx context.Context, c claim, state batch.State, reason error) error {
	text := s.text(reason)
	changed, err := s.limits.change(ctx, func(ctx context.Context) (bool, error) { return s.store.ended(ctx, c, state, text) })
	if err != nil {
		return s.plain(err)
	}
	if changed && state == batch.InDoubt {
		s.inDoubt(ctx, c.key, reason)
	}
	if changed {
		s.changed(c, batch.Result{State: state, Err: reason})
	}
	if state == batch.Planned {
		return river.JobSnooze(0)
	}
	return nil
}

// putBack records that a job was not submitted, and lets it come again after a while.
func (s *WorkerSet) putBack(ctx context.Context, c claim, reason error, wait time.Duration) error {
	text := s.text(reason)
	changed, err := s.limits.change(ctx, func(ctx context.Context) (bool, error) { return s.store.ended(ctx, c, batch.Planned, text) })
	if err != nil {
		return s.plain(err)
	}
	if !changed { // somebody has decided about the job meanwhile
		return nil
	}
	s.opts.Logger.WarnContext(ctx, "a job was not submitted, which is tried again later",
		s.named(c.key), slog.Duration("wait", wait), slog.String("error", text))
	s.changed(c, batch.Result{State: batch.Planned, Err: reason})
	return river.JobSnooze(wait)
}

func (s *WorkerSet) inDoubt(ctx context.Context, key string, reason error) {
	s.opts.Logger.ErrorContext(ctx, "nobody knows whether a job was paid; look for its task in the web console, then Resolve or Resubmit it",
		s.named(key), slog.String("error", s.text(reason)))
}

// changed tells OnChange of a change that was recorded.
func (s *WorkerSet) changed(c claim, r batch.Result) {
	if s.opts.OnChange != nil {
		r.Key, r.Model, r.Prompt = c.key, c.request.Model, redact.OneLine(s.client.Redact(c.request.Prompt), maxPrompt)
		s.opts.OnChange(r)
	}
}
