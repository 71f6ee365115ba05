package wrapper

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/internal/poll"
	"github.com/tensorslab/tensorslab-go/internal/send"
)

// WaitOptions say how to wait for a task. A field that is zero stands for its default.
type WaitOptions struct {
	// Interval is the wait before the second query. It grows by half with each
	// further one. All waits are shifted at random by up to a fifth, so that
	// programs that began together do not query together. Default: [DefaultWaitInterval].
	Interval time.Duration
	// MaxInterval caps the interval between queries. A longer Retry-After of the service
	// is obeyed, unless it outlasts the wait. Default: [DefaultMaxWaitInterval], or
	// Interval if that is longer.
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
// [Client.InfoByTaskID]: its images are at the addresses in URL, for [Client.Download].
//
// A task that failed is a [*TaskFailedError] with the service's message. Polling
// continues through lost connections, [ErrRateLimited], [ErrServer] and responses
// of gateways, until a completed task names an image, and, since a new task may
// not be visible at once, through HTTP 404 in the first 10 seconds of a wait that
// has not seen the task; any other error of InfoByTaskID is returned at once. If the
// timeout passes ([ErrWaitTimeout]) or ctx ends, the error is a [*WaitError], and the
// task can be waited for again.
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
	var data *generated.ImageInfoData
	end := poll.Wait(ctx, limits, poll.Task{FailureOf: failureOf, OnStatus: opts.onStatus, Query: func(ctx context.Context) (poll.State, error) {
		resp, err := c.InfoByTaskID(ctx, taskID)
		if err != nil {
			return poll.State{}, err
		}
		data = &resp.Data
		data.URL = slices.DeleteFunc(data.URL, func(u string) bool { return strings.TrimSpace(u) == "" })
		return poll.State{Status: int(data.ImageStatus), HasImages: len(data.URL) > 0}, nil
	}})
	switch {
	case end.IsEarly:
		return nil, &WaitError{TaskID: taskID, Status: generated.ImageStatus(end.Status), Elapsed: end.Elapsed, Err: c.engine.redactor.Error(end.Err)}
	case end.Err != nil:
		return nil, end.Err
	case end.Status == poll.Failed:
		return nil, &TaskFailedError{TaskID: taskID, Message: data.ErrorMessage, Info: data}
	}
	return data, nil
}

func (o WaitOptions) onStatus(status int) {
	if o.OnStatus != nil {
		o.OnStatus(generated.ImageStatus(status))
	}
}

// failureOf says what the error of a query means for a wait.
func failureOf(err error) (f poll.Failure) {
	var refused *APIError
	var broken *ContractError
	var lost *TransportError
	if errors.As(err, &refused) {
		f.HasResponse, f.RetryAfter = true, refused.RetryAfter
	}
	switch {
	case errors.Is(err, ErrRateLimited), errors.Is(err, ErrServer):
		f.Retryable = true
	case refused != nil:
		f.NoSuchTask = refused.HTTPStatus == http.StatusNotFound
		f.Retryable = refused.page && !refused.Is(ErrUnauthorized)
	case errors.As(err, &broken):
		first := broken.Violations[0].Keyword // of a body that is a gateway's and not the service's
		f.Retryable = first == KeywordStatus || first == KeywordMediaType || first == KeywordJSON
	case errors.As(err, &lost):
		f.Retryable = !send.IsUntrusted(lost.Err)
	}
	return f
}
