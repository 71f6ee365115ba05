package poll

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// found is the response to one query: a state, or an error and what it means.
type found struct {
	state   State
	err     error
	failure Failure
}

var (
	errLost    = errors.New("the connection was lost")
	errRefused = errors.New("the query was refused")
)

// waitThrough waits for a task whose queries find one after the other, the last one
// again and again.
func waitThrough(ctx context.Context, list []found) (end End, queries int, statuses []int) {
	var last found
	end = Wait(ctx, options(), Task{
		Query: func(context.Context) (State, error) {
			last = list[min(queries, len(list)-1)]
			queries++
			return last.state, last.err
		},
		FailureOf: func(error) Failure { return last.failure },
		OnStatus:  func(status int) { statuses = append(statuses, status) },
	})
	return end, queries, statuses
}

func TestWaitEnds(t *testing.T) {
	t.Parallel()
	completed, failed := found{state: State{Completed, true}}, found{state: State{Status: Failed}}
	queued, running, silent := found{state: State{Status: 1}}, found{state: State{Status: 2}}, found{}
	lost := found{err: errLost, failure: Failure{Retryable: true}}
	refused := found{err: errRefused}
	unknown := found{err: errRefused, failure: Failure{NoSuchTask: true}}
	for name, tt := range map[string]struct {
		list     []found
		want     error
		queries  int
		statuses string
	}{
		"at once":                        {[]found{completed}, nil, 1, "[3]"},
		"after each status once":         {[]found{queued, queued, silent, queued, running, completed}, nil, 6, "[1 2 3]"},
		"by a failure":                   {[]found{running, failed}, nil, 2, "[2 4]"},
		"after lost connections":         {[]found{lost, running, lost, lost, completed}, nil, 5, "[2 3]"},
		"by a refusal":                   {[]found{running, refused}, errRefused, 2, "[2]"},
		"once there are images":          {[]found{{state: State{Status: Completed}}, {state: State{Status: Completed}}, completed}, nil, 3, "[3]"},
		"after the task becomes visible": {[]found{unknown, unknown, completed}, nil, 3, "[3]"},
		"by a task that is gone":         {[]found{queued, unknown}, errRefused, 2, "[1]"},
		"by a task that never was":       {[]found{unknown}, errRefused, 5, "[]"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				end, queries, statuses := waitThrough(t.Context(), tt.list)
				if end.Err != tt.want || end.IsEarly || end.Elapsed != time.Since(start) { //nolint:errorlint // the very same
					t.Errorf("%+v", end)
				}
				if fmt.Sprint(statuses) != tt.statuses || len(statuses) > 0 && end.Status != statuses[len(statuses)-1] {
					t.Errorf("statuses %v, want %s, the last one %d", statuses, tt.statuses, end.Status)
				}
				if !slices.Contains([]int{queries - 1, queries, queries + 1}, tt.queries) || tt.want == nil && queries != tt.queries {
					t.Errorf("%d queries, want %d", queries, tt.queries)
				}
			})
		})
	}
}

// A wait that ends before its task says why, and what the last query said.
func TestWaitEndsEarly(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		list   []found
		also   error // what the error wraps besides the timeout
		status int
	}{
		"while the task runs":    {[]found{{state: State{Status: 2}}}, nil, 2},
		"without an image":       {[]found{{state: State{Status: Completed}}}, errNoImage, Completed},
		"with a lost connection": {[]found{{state: State{Status: 1}}, {err: errLost, failure: Failure{Retryable: true}}}, errLost, 1},
		"after one that is over": {[]found{{err: errLost, failure: Failure{Retryable: true}}, {state: State{Status: 2}}}, nil, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				end, _, _ := waitThrough(t.Context(), tt.list)
				if !end.IsEarly || !errors.Is(end.Err, errTimeout) || !errors.Is(end.Err, context.DeadlineExceeded) || end.Status != tt.status || end.Elapsed != 5*time.Minute {
					t.Errorf("%+v", end)
				}
				for _, err := range []error{errNoImage, errLost} {
					if errors.Is(end.Err, err) != (err == tt.also) { //nolint:errorlint // the very same
						t.Errorf("%v: wraps %v: %t", end.Err, err, err != tt.also) //nolint:errorlint // the very same
					}
				}
			})
		})
	}
}

// A query that the end of the context cut short says nothing, unless there was a
// response.
func TestWaitKeepsTheErrorThatSaysMore(t *testing.T) {
	t.Parallel()
	for _, hasResponse := range []bool{false, true} {
		t.Run(fmt.Sprint(hasResponse), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				queries := 0
				end := Wait(ctx, options(), Task{
					Query: func(ctx context.Context) (State, error) {
						if queries++; queries == 1 {
							return State{}, errLost
						}
						cancel()
						return State{}, fmt.Errorf("cut short: %w", ctx.Err())
					},
					FailureOf: func(err error) Failure {
						return Failure{Retryable: true, HasResponse: hasResponse && !errors.Is(err, errLost)}
					},
				})
				if !end.IsEarly || !errors.Is(end.Err, context.Canceled) || errors.Is(end.Err, errLost) == hasResponse {
					t.Errorf("%+v", end)
				}
			})
		})
	}
}

func TestWaitObeysRetryAfter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		end, queries, _ := waitThrough(t.Context(), []found{
			{err: errLost, failure: Failure{Retryable: true, RetryAfter: time.Minute}}, {state: State{Completed, true}},
		})
		if end.Err != nil || queries != 2 || end.Elapsed != time.Minute {
			t.Errorf("%+v after %d queries", end, queries)
		}
	})
}
