package conformance

import (
	"context"
	"errors"
	"net/http"
	"slices"
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

func TestPurgeStopsWhenTheKeyIsRefused(t *testing.T) {
	t.Parallel()
	server := &batchServer{}
	c := newRetryingClient(t, server.serve(t, func([]string) (int, string) { return 401, `{"code":9999,"msg":"no"}` }))
	pulled := 0
	source := func(yield func(string) bool) {
		for _, id := range numbered(10000) {
			pulled++
			if !yield(id) {
				return
			}
		}
	}
	outcomes := outcomesOf(t, c.PurgeImagesTasks(t.Context(), source, wrapper.PurgeOptions{BatchSize: 10, Concurrency: 2, Isolate: true}))
	sent := 0
	for _, err := range outcomes {
		if !errors.Is(err, wrapper.ErrUnauthorized) || errors.Is(err, wrapper.ErrOutcomeUnknown) {
			t.Errorf("%v", err)
		}
		if !errors.Is(err, wrapper.ErrNotSent) {
			sent++
		}
	}
	if len(outcomes) != pulled || pulled > 100 || sent != 10*len(server.sizes()) {
		t.Errorf("%d yielded, %d pulled, %d sent in %d requests", len(outcomes), pulled, sent, len(server.sizes()))
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
