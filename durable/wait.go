package durable

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/riverqueue/river"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

const (
	// forgottenAfter is how long the service may say that it knows no such task: right after
	// the creation of a task that means nothing.
	forgottenAfter = time.Minute
	// maxFailedWait caps the time between queries that fail.
	maxFailedWait = time.Minute
	// maxQuery is how long a query takes at most, attempts and waits between them included.
	maxQuery = 2 * time.Minute
)

// Values of image_status that end a task.
const (
	statusCompleted generated.ImageStatus = 3
	statusFailed    generated.ImageStatus = 4
)

// waitBound is how long a job of the wait queue takes at most.
func (s *WorkerSet) waitBound() time.Duration { return min(maxQuery, s.opts.SubmitTimeout) }

// waitWorker queries a task once, and comes back later if it has not ended.
type waitWorker struct {
	river.WorkerDefaults[waitArgs]
	set *WorkerSet
}

func (w *waitWorker) Timeout(*river.Job[waitArgs]) time.Duration { return w.set.waitBound() }

func (w *waitWorker) NextRetry(job *river.Job[waitArgs]) time.Time { return retryAt(job.Attempt) }

// Work makes one query. Snoozing does not use up attempts of River, so that a task is waited for however
// long it takes.
func (w *waitWorker) Work(ctx context.Context, job *river.Job[waitArgs]) (err error) {
	defer w.set.recovered(&err)
	t, err := w.set.store.task(ctx, job.Args.Key)
	switch {
	case ctx.Err() != nil:
		return river.JobSnooze(0)
	case err != nil:
		return w.set.plain(err)
	case t.State != batch.Submitted:
		return nil
	case t.age < w.set.opts.WaitInterval:
		return river.JobSnooze(jittered(w.set.opts.WaitInterval - t.age))
	}
	info, err := w.set.client.InfoByTaskID(ctx, t.TaskID)
	switch {
	case ctx.Err() != nil && err != nil:
		return river.JobSnooze(0)
	case err != nil:
		return w.set.queryFailed(ctx, t, err)
	case info.Data.ImageStatus == statusFailed:
		return w.set.taskEnded(ctx, t, batch.Failed, &wrapper.TaskFailedError{TaskID: t.TaskID, Message: info.Data.ErrorMessage, Info: &info.Data})
	case info.Data.ImageStatus == statusCompleted && hasImage(info.Data.URL):
		return w.set.taskEnded(ctx, t, batch.Completed, nil)
	}
	return w.set.goOn(ctx, t, info.Data.ImageStatus == statusCompleted)
}

// hasImage reports whether a task names an image.
func hasImage(addresses []string) bool {
	for _, address := range addresses {
		if !isBlank(address) {
			return true
		}
	}
	return false
}

// nextQuery is the time until the next query of a task: an interval while the task is young, and
// then a twelfth of its age, so that its end is noticed after a twenty-fourth of the whole time on average.
func (s *WorkerSet) nextQuery(age time.Duration) time.Duration {
	next := s.opts.WaitInterval
	if age/4 >= next {
		next = min(age/12, s.opts.MaxWaitInterval)
	}
	return jittered(next)
}

func jittered(d time.Duration) time.Duration { return d - d/5 + rand.N(d/5*2+1) }

// goOn lets a task be queried again that the service knows and that has not ended, or names no image
// yet; then it has no place any more.
func (s *WorkerSet) goOn(ctx context.Context, t task, ended bool) error {
	if ended || t.failures > 0 || t.missing > 0 {
		reason := ""
		if ended {
			reason = "the task is completed, and the response names no image"
		}
		if err := s.store.found(ctx, t, ended, reason); err != nil {
			return s.plain(err)
		}
	}
	return river.JobSnooze(s.nextQuery(t.age))
}

// isUnknown reports whether the service itself says that it has no such task. A 404 without its
// envelope is that of a proxy without a route, or of a wrong base URL.
func isUnknown(err error) bool {
	var refused *wrapper.APIError
	return errors.As(err, &refused) && refused.Is(wrapper.ErrNotFound) && refused.Code != 0
}

// queryFailed lets a task be queried again later, unless the service does not know it any more.
func (s *WorkerSet) queryFailed(ctx context.Context, t task, err error) error {
	unknown := isUnknown(err)
	if unknown && t.missing >= forgottenAfter {
		return s.taskEnded(ctx, t, batch.Failed, fmt.Errorf("durable: the service does not know the task %.80q: if its id was given by hand, correct it with Resolve; otherwise it may have been paid for, and is lost: %w", t.TaskID, err))
	}
	text := s.text(err)
	if recorded := s.store.queryFailed(ctx, t, unknown, text); recorded != nil {
		return s.plain(recorded)
	}
	wait := max(s.nextQuery(t.age), min(time.Second<<min(t.failures, 10), maxFailedWait), retryAfter(err))
	s.opts.Logger.WarnContext(ctx, "a task could not be queried, which is done again later",
		s.named(t.Key), slog.Duration("wait", wait), slog.String("error", text))
	return river.JobSnooze(wait)
}

// taskEnded records the end of a task, which frees its place.
func (s *WorkerSet) taskEnded(ctx context.Context, t task, state batch.State, reason error) error {
	text := s.text(reason)
	changed, err := s.limits.change(ctx, func(ctx context.Context) (bool, error) {
		return s.store.taskEnded(ctx, t, state, text, s.opts.Save != nil)
	})
	if err != nil {
		return s.plain(err)
	}
	select { // a job that waits for a place
	case s.freed <- struct{}{}:
	default:
	}
	if changed {
		s.told(t, state, reason)
	}
	return nil
}
