package batch

import (
	"cmp"
	"errors"
	"fmt"
	"time"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

const (
	// forgottenAfter is how long the service may say that it knows no such task:
	// right after the creation of a task that means nothing.
	forgottenAfter = time.Minute
	// maxFailedWaits is how many waits in a row may end with a permanent error, or
	// without a response of the service.
	maxFailedWaits = 3
	failedWaitGap  = 5 * time.Second
)

const statusCompleted generated.ImageStatus = 3

// wait waits for the end of the task, which has its place until then.
func (t *task) wait() {
	opts := t.run.opts.Wait
	opts.Since = t.entry.Time
	var missing, away time.Time
	for failures := 0; failures < maxFailedWaits; {
		data, err := t.run.client.WaitForTask(t.run.ctx, t.entry.TaskID, opts)
		var early *wrapper.WaitError
		switch {
		case err == nil, errors.Is(err, wrapper.ErrTaskFailed):
			t.ended(data, err)
			return
		case isUnknown(err):
			if missing = cmp.Or(missing, time.Now()); time.Since(missing) >= forgottenAfter {
				t.forgotten(err)
				return
			}
		case errors.Is(err, wrapper.ErrNotFound): // not from the service, so an outage like others
			missing, away = time.Time{}, cmp.Or(away, time.Now())
			if time.Since(away) >= maxFailedWaits*cmp.Or(opts.Timeout, wrapper.DefaultWaitTimeout) {
				failures = maxFailedWaits
			}
		case errors.As(err, &early) && early.Status != statusCompleted && t.run.ctx.Err() == nil && !isOutage(err):
			failures, missing, away = 0, time.Time{}, time.Time{}
			continue // the task goes on, and so does the wait
		default:
			missing, away = time.Time{}, time.Time{}
			failures++
		}
		t.err = fmt.Errorf("batch: the task was not followed to its end, and the next run goes on: %w", err)
		if errors.Is(err, wrapper.ErrUnauthorized) {
			t.run.events <- event{stop: err}
			return
		}
		if !sleep(t.run.ctx, failedWaitGap) {
			return
		}
	}
}

// ended records the end of the task.
func (t *task) ended(data *generated.ImageInfoData, failure error) {
	if failure == nil {
		t.data, t.err = data, nil
		t.change(Completed, nil)
	} else if t.change(Failed, failure) {
		t.err = failure
	}
}

// isUnknown reports whether the service itself says that it has no such task. A 404 without its
// envelope is that of a proxy without a route, or of a wrong base URL.
func isUnknown(err error) bool {
	var refused *wrapper.APIError
	return errors.As(err, &refused) && refused.Is(wrapper.ErrNotFound) && refused.Code != 0
}

// isOutage reports whether a wait has ended without a response of the service to its last
// query, perhaps because there is no network any more.
func isOutage(err error) bool {
	return errors.As(err, new(*wrapper.TransportError)) || errors.Is(err, wrapper.ErrServer)
}

// forgotten records that the service does not know the task: it has lost one that was paid
// for, or a person has named one that never was.
func (t *task) forgotten(err error) {
	reason := fmt.Errorf("batch: the service does not know the task %.80q: if its id was given by hand, correct it with Resolve; otherwise it may have been paid for, and is lost: %w", t.entry.TaskID, err)
	if t.change(Failed, reason) {
		t.err = reason
	}
}
