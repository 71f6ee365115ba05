package conformance

import (
	"context"
	"errors"
	"math"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/testkit"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

func TestPurgeStopsWithTheContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	arrived, release := make(chan struct{}, 100), make(chan struct{})
	url, _ := testkit.Serve(t, func(w http.ResponseWriter, r *http.Request) {
		arrived <- struct{}{}
		<-release
		testkit.Respond(200, successBody)(w, r)
	})
	t.Cleanup(func() { close(release) })
	pulled := 0
	source := func(yield func(string) bool) {
		for _, id := range numbered(1000) {
			if pulled == 25 { // two batches are under way, half of the third is pulled
				<-arrived
				<-arrived
				cancel()
			}
			pulled++
			if !yield(id) {
				return
			}
		}
	}
	outcomes := outcomesOf(t, newRetryingClient(t, url).PurgeImagesTasks(ctx, source, wrapper.PurgeOptions{BatchSize: 10, Concurrency: 2}))
	if len(outcomes) != 26 || pulled != 26 {
		t.Errorf("%d of %d pulled ids", len(outcomes), pulled)
	}
	notSent, unknown := 0, 0
	for id, err := range outcomes {
		switch {
		case !errors.Is(err, context.Canceled):
			t.Errorf("%s: %v", id, err)
		case errors.Is(err, wrapper.ErrNotSent):
			notSent++
		case errors.Is(err, wrapper.ErrOutcomeUnknown):
			unknown++
		}
	}
	if unknown != 20 || notSent != pulled-20 {
		t.Errorf("%d unknown, %d not sent of %d", unknown, notSent, pulled)
	}
}

func TestPurgeWithAnEndedContextSendsNothing(t *testing.T) {
	t.Parallel()
	server := &batchServer{}
	c := newRetryingClient(t, server.serve(t, succeed))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	outcomes := outcomesOf(t, c.PurgeImagesTasks(ctx, slices.Values(numbered(10)), wrapper.PurgeOptions{}))
	err := outcomes["task_0000000"]
	if len(outcomes) != 1 || !errors.Is(err, wrapper.ErrNotSent) || !errors.Is(err, context.Canceled) || len(server.sizes()) != 0 {
		t.Errorf("%v, %d requests", outcomes, len(server.sizes()))
	}
}

// After a refusal of the key or the credits nothing more is sent, and each id of
// the source still comes back.
func TestPurgeAccountsForTheRest(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		status int
		body   string
		reason error
	}{
		"key":     {401, `{"code":9999,"msg":"no"}`, wrapper.ErrUnauthorized},
		"credits": {200, `{"code":9000,"msg":"no"}`, wrapper.ErrInsufficientCredits},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := &batchServer{}
			c := newRetryingClient(t, server.serve(t, func([]string) (int, string) { return tt.status, tt.body }))
			outcomes := outcomesOf(t, c.PurgeImagesTasks(t.Context(), slices.Values(numbered(10000)), wrapper.PurgeOptions{BatchSize: 10, Concurrency: 2, Isolate: true}))
			sent := 0
			for _, err := range outcomes {
				if !errors.Is(err, tt.reason) || errors.Is(err, wrapper.ErrOutcomeUnknown) {
					t.Errorf("%v", err)
				}
				if !errors.Is(err, wrapper.ErrNotSent) {
					sent++
				}
			}
			if len(outcomes) != 10000 || sent > 20 || sent != 10*len(server.sizes()) {
				t.Errorf("%d yielded, %d sent in %d requests", len(outcomes), sent, len(server.sizes()))
			}
		})
	}
}

// An outage ends the sending after StopAfter batches in a row. The rest is reported
// as not sent because of the failures, and not as refused or in doubt.
func TestPurgeStopsAfterFailures(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		handler   http.HandlerFunc
		stopAfter int
		batches   int32
		sentinel  error
	}{
		"busy":         {testkit.Respond(503, ``), 3, 3, wrapper.ErrServer},
		"bad gateway":  {testkit.Respond(502, `<html>`), 1, 1, wrapper.ErrServer},
		"rate":         {testkit.Respond(429, ``), 4, 4, wrapper.ErrRateLimited},
		"connections":  {testkit.HangUp, 2, 2, nil},
		"no JSON":      {testkit.Respond(200, `{`), 2, 2, wrapper.ErrContract},
		"default":      {testkit.Respond(500, ``), 0, wrapper.DefaultStopAfter, wrapper.ErrServer},
		"no limit":     {testkit.Respond(500, ``), math.MaxInt, 50, wrapper.ErrServer},
		"rejected":     {testkit.Respond(400, ``), 2, 50, nil},
		"unknown code": {testkit.Respond(200, `{"code":9999,"msg":"no such task"}`), 2, 50, wrapper.ErrFailure},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, requests := testkit.Serve(t, tt.handler)
			c := newRetryingClient(t, url, once)
			outcomes := outcomesOf(t, c.PurgeImagesTasks(t.Context(), slices.Values(numbered(100)), wrapper.PurgeOptions{BatchSize: 2, Concurrency: 1, StopAfter: tt.stopAfter}))
			if len(outcomes) != 100 || requests.Load() != tt.batches {
				t.Errorf("%d ids, %d requests", len(outcomes), requests.Load())
			}
			for id, err := range outcomes {
				notSent := id >= numbered(101)[2*tt.batches]
				if errors.Is(err, wrapper.ErrNotSent) != notSent || notSent && errors.Is(err, wrapper.ErrOutcomeUnknown) {
					t.Errorf("%s: %v (%s)", id, err, matching(err))
				}
				if tt.sentinel != nil && !errors.Is(err, tt.sentinel) || errors.Is(err, wrapper.ErrUnauthorized) {
					t.Errorf("%s: %v (%s)", id, err, matching(err))
				}
				if notSent && (len(err.Error()) > 1000 || !strings.Contains(err.Error(), "consecutive failures")) {
					t.Errorf("%s: %v", id, err)
				}
			}
		})
	}
}

// Breaking out of the loop cancels the requests that are in flight: the server
// responds to none but the first.
func TestBreakingOutOfAPurge(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	defer close(release)
	url, requests := testkit.Serve(t, testkit.Sequence(testkit.Respond(200, successBody), func(http.ResponseWriter, *http.Request) { <-release }))
	c := newRetryingClient(t, url)
	for range c.PurgeImagesTasks(t.Context(), slices.Values(numbered(1000)), wrapper.PurgeOptions{BatchSize: 1, Concurrency: 3}) {
		break
	}
	if requests.Load() > 4 {
		t.Errorf("%d requests", requests.Load())
	}
}

func TestAPanicInTheLoopEndsThePurge(t *testing.T) {
	t.Parallel()
	url, _ := testkit.Serve(t, testkit.Respond(200, successBody))
	defer func() {
		if recover() != "mine" {
			t.Error("the panic was lost")
		}
	}() // goleak sees the goroutines that were left
	for range newRetryingClient(t, url).PurgeImagesTasks(t.Context(), slices.Values(numbered(100)), wrapper.PurgeOptions{BatchSize: 1}) {
		panic("mine")
	}
}
