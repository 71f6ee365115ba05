package wrapper

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/internal/poll"
	"github.com/tensorslab/tensorslab-go/internal/send"
)

// WaitOptions say how to wait for a task. A field that is zero stands for its
// default.
type WaitOptions struct {
	// Interval is the wait before the second query. It grows by half with each
	// further one. All waits are shifted at random by up to a fifth, so that
	// programs that began together do not query together. Default: [DefaultWaitInterval].
	Interval time.Duration
	// MaxInterval caps the interval between queries. A longer Retry-After of the
	// service is obeyed, unless it outlasts the wait. Default: [DefaultMaxWaitInterval], or Interval if that is longer.
	MaxInterval time.Duration
	// Since, if not zero, is when the task was created. Then the waits follow the
	// task's age: the first query is made when the task is an Interval old, the next
	// ones each Interval up to an age of four, and then each after a twelfth of the
	// age. That is at most about 40 queries for a task of two minutes.
	Since time.Time
	// Timeout bounds the whole wait, as a deadline of the context does. The last
	// query is made a tenth of the whole wait before its end, at most 2 seconds.
	// Default: [DefaultWaitTimeout].
	Timeout time.Duration
	// OnStatus, if not nil, is called with each status that differs from the one
	// before, by the goroutine that waits. The service may use values without a
	// name. A response without a status is not reported.
	OnStatus func(generated.ImageStatus)
}

// What [Client.WaitForTask] does when [WaitOptions] does not say otherwise.
const (
	DefaultWaitInterval    = 2 * time.Second  // before the second query; clients of the service query every 2 to 5 seconds
	DefaultMaxWaitInterval = 15 * time.Second // caps the interval between queries
	DefaultWaitTimeout     = 5 * time.Minute  // of the whole wait; a task takes from 10 seconds to 2 minutes
)

// WaitForTask queries a task until it has ended, and returns the last result of
// [Client.InfoByTaskID]: its images are at the addresses in URL, for
// [Client.Download].
//
// A task that failed is a [*TaskFailedError] with the service's message. Polling
// continues through lost connections, [ErrRateLimited], [ErrServer] and responses
// of gateways, until a completed task names an image, and, since a new task may
// not be visible at once, through HTTP 404 in the first 10 seconds of a wait that
// has not seen the task; any other error of InfoByTaskID is returned at once. If the
// timeout passes ([ErrWaitTimeout], context.DeadlineExceeded) or ctx ends, the
// error is a [*WaitError]: the task continues at the service, and can be waited
// for again.
func (c *Client) WaitForTask(ctx context.Context, taskID string, opts WaitOptions) (*generated.ImageInfoData, error) {
	if err := c.checkQuery(ctx, taskID); err != nil {
		return nil, err
	}
	limits, err := poll.Options{
		Interval: opts.Interval, MaxInterval: opts.MaxInterval, Timeout: opts.Timeout, TimeoutErr: ErrWaitTimeout, Since: opts.Since,
	}.WithDefaults(poll.Options{Interval: DefaultWaitInterval, MaxInterval: DefaultMaxWaitInterval, Timeout: DefaultWaitTimeout})
	if err != nil {
		return nil, invalid(opInfoByTaskID, "", "WaitOptions: %v", err)
	}
	w := &wait{client: c, taskID: taskID, opts: opts, start: time.Now()}
	if end := poll.Until(ctx, limits, w.query); end != nil {
		return nil, w.ended(end)
	}
	return w.data, w.err
}

// wait is one call of WaitForTask.
type wait struct {
	client *Client
	taskID string
	opts   WaitOptions
	start  time.Time
	seen   bool // a query found the task
	status generated.ImageStatus
	data   *generated.ImageInfoData // of a completed task
	err    error                    // of the last query, unless the context ended it
}

// The statuses of the contract that end a task. The generated constants would
// be renamed if another list of the contract had a constant of the same name.
const (
	statusCompleted generated.ImageStatus = 3
	statusFailed    generated.ImageStatus = 4
)

// query makes one query. It is done if the task has ended, or if no further
// query can tell.
func (w *wait) query(ctx context.Context) (done bool, retryAfter time.Duration) {
	resp, err := w.client.InfoByTaskID(ctx, w.taskID)
	if err != nil {
		return w.failed(ctx, err)
	}
	w.seen, w.err = true, nil
	data := &resp.Data
	if data.ImageStatus != 0 && data.ImageStatus != w.status {
		w.status = data.ImageStatus
		if w.opts.OnStatus != nil {
			w.opts.OnStatus(w.status)
		}
	}
	switch data.ImageStatus { //nolint:exhaustive // in all others the task continues
	case statusCompleted:
		data.URL = slices.DeleteFunc(data.URL, func(u string) bool { return strings.TrimSpace(u) == "" })
		if len(data.URL) == 0 {
			w.err = errors.New("the task is completed, and the response names no image")
			return false, 0
		}
		w.data = data
		return true, 0
	case statusFailed:
		w.err = &TaskFailedError{TaskID: w.taskID, Message: data.ErrorMessage, Info: data}
		return true, 0
	}
	return false, 0
}

// failed notes the error of a query, and reports whether it is permanent. An
// error that only says that ctx has ended does not replace an earlier one that
// says more.
func (w *wait) failed(ctx context.Context, err error) (permanent bool, retryAfter time.Duration) {
	var refused *APIError
	if errors.As(err, &refused) {
		retryAfter = refused.RetryAfter
	} else if send.IsEndOf(ctx, err) {
		return false, 0
	}
	w.err = err
	return !w.isTransient(err), retryAfter
}

// invisibleFor is how long a task that was just created may be unknown.
const invisibleFor = 10 * time.Second

// isTransient reports whether the same query is retryable.
func (w *wait) isTransient(err error) bool {
	var refused *APIError
	var broken *ContractError
	var lost *TransportError
	switch {
	case errors.Is(err, ErrRateLimited), errors.Is(err, ErrServer):
		return true
	case errors.As(err, &refused) && refused.HTTPStatus == http.StatusNotFound:
		return w.seen && refused.page || !w.seen && time.Since(w.start) < invisibleFor
	case refused != nil:
		return refused.page && !refused.Is(ErrUnauthorized)
	case errors.As(err, &broken):
		first := broken.Violations[0].Keyword // of a body that is a gateway's and not the service's
		return first == KeywordStatus || first == KeywordMediaType || first == KeywordJSON
	case errors.As(err, &lost):
		return !send.IsUntrusted(lost.Err)
	}
	return false
}

// ended describes a wait that ended before the task.
func (w *wait) ended(reason error) *WaitError {
	if w.err != nil {
		reason = fmt.Errorf("%w; the last query: %w", reason, w.err)
	}
	return &WaitError{TaskID: w.taskID, Status: w.status, Elapsed: time.Since(w.start), Err: w.client.engine.redactor.Error(reason)}
}
