package wrapper

import (
	"fmt"
	"log/slog"
	"time"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/internal/poll"
	"github.com/tensorslab/tensorslab-go/internal/redact"
)

// TaskFailedError is a task that ended without images. It matches [ErrTaskFailed].
type TaskFailedError struct {
	TaskID  string                   // not part of the text
	Message string                   // the service's message about why the task failed (error_message), or empty
	Info    *generated.ImageInfoData // all that the service said about the task
}

// Error returns one line: the service's message, and what to do.
func (e *TaskFailedError) Error() string {
	reason := "without saying why"
	if e.Message != "" {
		reason = "with " + redact.Quoted(e.Message, maxMessageText)
	}
	return fmt.Sprintf("tensorslab: %s: the task failed at the service, %s; it may have been paid for, and generating again costs credits again; correct the request if it is at fault", opInfoByTaskID, reason)
}

// Is reports whether target is [ErrTaskFailed].
func (e *TaskFailedError) Is(target error) bool { return target == ErrTaskFailed }

// GoString keeps %#v from printing what Error leaves out.
func (e *TaskFailedError) GoString() string { return goString(e) }

// LogValue returns what Error says as attributes.
func (e *TaskFailedError) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("kind", "task_failed"), slog.String("operation", opInfoByTaskID),
		slog.String("message", redact.OneLine(e.Message, maxMessageText)))
}

// WaitError is the end of a wait before the end of the task, which continues
// at the service. It matches [ErrWaitTimeout] and context.DeadlineExceeded where
// the wait's own timeout was the reason, else the error of the caller's context
// and its cause.
type WaitError struct {
	TaskID  string                // not part of the text
	Status  generated.ImageStatus // the last one known, or 0
	Elapsed time.Duration         // how long the wait took
	Err     error                 // the reason and, where the last query failed, that query's error
}

// Error returns one line: the reason, and what to do.
func (e *WaitError) Error() string {
	what, state, advice := "the task had not ended", fmt.Sprintf("image_status %d", e.Status), "it continues at the service, so wait for it again"
	switch e.Status { //nolint:exhaustive // in all others the task continues
	case 0:
		state = "no status seen"
	case poll.Completed:
		what, advice = "the task had no image", "wait for it again, or report it to the service"
	}
	return fmt.Sprintf("tensorslab: %s: %s after %v (%s): %s; %s", opInfoByTaskID, what, e.Elapsed.Round(time.Millisecond), state, e.reason(), advice)
}

func (e *WaitError) reason() string {
	if e.Err == nil {
		return "unknown"
	}
	return redact.OneLine(e.Err.Error(), maxCauseText)
}

// Unwrap returns the reason.
func (e *WaitError) Unwrap() error { return e.Err }

// GoString keeps %#v from printing what Error leaves out.
func (e *WaitError) GoString() string { return goString(e) }

// LogValue returns what Error says as attributes.
func (e *WaitError) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("kind", "wait"), slog.String("operation", opInfoByTaskID),
		slog.Int("image_status", int(e.Status)), slog.Duration("elapsed", e.Elapsed), slog.String("cause", e.reason()))
}
