package wrapper

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"github.com/tensorslab/tensorslab-go/generated"
)

// WaitOptions say how to wait for a task. A field that is zero stands for its
// default.
type WaitOptions struct {
	// Interval is the wait before the second query. It grows by half with each
	// further one. All waits are shifted at random by up to a fifth, so that
	// programs that began together do not ask together. Default: [DefaultWaitInterval].
	Interval time.Duration
	// MaxInterval is where the growth ends. A longer Retry-After of the service
	// is obeyed. Default: [DefaultMaxWaitInterval], or Interval if that is longer.
	MaxInterval time.Duration
	// Timeout bounds the whole wait, as a deadline of the context does. A wait
	// between queries that would outlast the nearer of the two is cut, so that
	// the last query is made shortly before it: a tenth of the whole, at most 2
	// seconds. Default: [DefaultWaitTimeout].
	Timeout time.Duration
	// OnStatus, if not nil, is called with each status that differs from the one
	// before, by the goroutine that waits. The service may use values without a
	// name. An answer without a status is none.
	OnStatus func(generated.ImageStatus)
}

// maxLastQuery is how long before its end, at most, a wait asks a last time.
const maxLastQuery = 2 * time.Second

// maxInterval keeps growth and jitter from overflowing; it is 146 years.
const maxInterval = time.Duration(math.MaxInt64 / 2)

func (o WaitOptions) withDefaults() (WaitOptions, error) {
	if o.Interval < 0 || o.MaxInterval < 0 || o.Timeout < 0 {
		return o, invalid(opInfoByTaskID, "", "a field of WaitOptions is negative")
	}
	if o.Interval == 0 {
		o.Interval = DefaultWaitInterval
		if o.MaxInterval != 0 {
			o.Interval = min(o.Interval, o.MaxInterval)
		}
	}
	if o.MaxInterval == 0 {
		o.MaxInterval = max(DefaultMaxWaitInterval, o.Interval)
	}
	if o.Interval > o.MaxInterval {
		return o, invalid(opInfoByTaskID, "", "the Interval of WaitOptions is longer than its MaxInterval")
	}
	o.Interval, o.MaxInterval = min(o.Interval, maxInterval), min(o.MaxInterval, maxInterval)
	o.Timeout = cmp.Or(o.Timeout, DefaultWaitTimeout)
	return o, nil
}

// WaitForTask queries a task until it has ended, and returns what
// [Client.InfoByTaskID] says of it then: its images are at the addresses in URL,
// for [Client.Download].
//
// A task that failed is a [*TaskFailedError] with the service's words. Lost
// connections, [ErrRateLimited], [ErrServer] and answers of broken gateways are
// ridden out; any other error of InfoByTaskID is returned at once. If the timeout
// passes ([ErrWaitTimeout], context.DeadlineExceeded) or ctx ends, the error is a
// [*WaitError]: the task goes on at the service, and can be waited for again.
func (c *Client) WaitForTask(ctx context.Context, taskID string, opts WaitOptions) (*generated.ImageInfoData, error) {
	if err := checkQuery(ctx, taskID); err != nil {
		return nil, err
	}
	opts, err := opts.withDefaults()
	if err != nil {
		return nil, err
	}
	limited, cancel := context.WithTimeoutCause(ctx, opts.Timeout, ErrWaitTimeout)
	defer cancel()
	return newWait(ctx, limited, c, taskID, opts).run(limited)
}

// wait is one call of WaitForTask.
type wait struct {
	client *Client
	taskID string
	opts   WaitOptions
	start  time.Time
	end    time.Time // whichever comes first of the wait's and the caller's
	owner  error     // ErrWaitTimeout if that is the wait's
	asked  bool      // for the last time
	status generated.ImageStatus
	err    error // of the last query, unless the context ended it
}

func newWait(caller, limited context.Context, c *Client, taskID string, opts WaitOptions) *wait {
	w := &wait{client: c, taskID: taskID, opts: opts, start: time.Now(), owner: ErrWaitTimeout}
	w.end, _ = limited.Deadline()
	if deadline, ok := caller.Deadline(); ok && deadline.Equal(w.end) {
		w.owner = context.DeadlineExceeded
	}
	return w
}

func (w *wait) run(ctx context.Context) (*generated.ImageInfoData, error) {
	for interval := w.opts.Interval; ; interval = min(interval+interval/2, w.opts.MaxInterval) {
		data, err := w.query(ctx)
		switch {
		case data != nil || err != nil:
			return data, err
		case ctx.Err() != nil:
			return nil, w.ended(ctx)
		case w.retryAfter() > 0 && w.retryAfter() >= time.Until(w.end):
			return nil, w.outlasted()
		case !sleep(ctx, w.pause(interval)):
			return nil, w.ended(ctx)
		}
	}
}

// pause is how long to wait before the next query.
func (w *wait) pause(interval time.Duration) time.Duration {
	pause := max(jittered(interval), w.retryAfter())
	if last := time.Until(w.end) - min(w.end.Sub(w.start)/10, maxLastQuery); !w.asked && last >= w.retryAfter() && last <= pause {
		w.asked, pause = true, last
	}
	return pause
}

// The statuses of the contract that end a task. The generated constants get
// other names on the day that another list of the contract has one of theirs.
const (
	statusCompleted generated.ImageStatus = 3
	statusFailed    generated.ImageStatus = 4
)

// query asks once. It returns neither data nor an error while the task is
// under way, or where that could not be learnt this time.
func (w *wait) query(ctx context.Context) (*generated.ImageInfoData, error) {
	resp, call, err := w.client.infoByTaskID(ctx, w.taskID)
	if err != nil {
		return nil, w.sift(ctx, err)
	}
	w.err = nil
	data := &resp.Data
	if data.ImageStatus != 0 && data.ImageStatus != w.status {
		w.status = data.ImageStatus
		if w.opts.OnStatus != nil {
			w.opts.OnStatus(w.status)
		}
	}
	switch data.ImageStatus { //nolint:exhaustive // in all others the task goes on
	case statusCompleted:
		return data, nil
	case statusFailed:
		data.ErrorMessage = call.redactor.text(data.ErrorMessage)
		return nil, &TaskFailedError{TaskID: w.taskID, Message: data.ErrorMessage, Info: data}
	}
	return nil, nil
}

// sift returns the error of a query if it is final. What only says that ctx has
// ended does not take the place of an earlier error that says more.
func (w *wait) sift(ctx context.Context, err error) error {
	if !errors.As(err, new(*APIError)) && ctx.Err() != nil && (errors.Is(err, ctx.Err()) || errors.Is(err, context.Cause(ctx))) {
		return nil
	}
	w.err = err
	if isTransient(err) {
		return nil
	}
	return err
}

// isTransient reports whether the same query may yet succeed.
func isTransient(err error) bool {
	var broken *ContractError
	var lost *TransportError
	switch {
	case errors.Is(err, ErrRateLimited), errors.Is(err, ErrServer):
		return true
	case errors.As(err, &broken):
		return broken.isForeign()
	case errors.As(err, &lost):
		return !isUntrusted(lost.Err)
	}
	return false
}

// isForeign reports whether the answer looks like a gateway's and not like the
// service's.
func (e *ContractError) isForeign() bool {
	switch e.Violations[0].Keyword {
	case KeywordStatus, KeywordMediaType, KeywordJSON:
		return true
	}
	return false
}

func (w *wait) retryAfter() time.Duration {
	var refused *APIError
	if errors.As(w.err, &refused) {
		return refused.RetryAfter
	}
	return 0
}

// ended describes the end of a context, the caller's or the wait's own.
func (w *wait) ended(ctx context.Context) *WaitError {
	return w.failed(withContextError(ctx, context.Cause(ctx)))
}

// outlasted describes a Retry-After that the wait has no time for.
func (w *wait) outlasted() *WaitError {
	return w.failed(&endedError{ctxErr: context.DeadlineExceeded, cause: w.owner})
}

func (w *wait) failed(reason error) *WaitError {
	if w.err != nil {
		reason = fmt.Errorf("%w; the last query: %w", reason, w.err)
	}
	return &WaitError{TaskID: w.taskID, Status: w.status, Elapsed: time.Since(w.start), Err: reason}
}

func jittered(d time.Duration) time.Duration {
	return d - d/5 + rand.N(d/5*2+1) //nolint:gosec // nobody gains by guessing it
}
