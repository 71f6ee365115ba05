package wrapper

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/generated"
)

func numbered(n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = fmt.Sprintf("task_%07d", i)
	}
	return ids
}

// batchServer answers each deletion by what decide says of its ids, and
// remembers the batches that it was sent.
type batchServer struct {
	mu      sync.Mutex
	batches [][]string
}

func (s *batchServer) serve(t *testing.T, decide func(ids []string) (int, string)) string {
	url, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		var req generated.DeleteImagesTaskRequest
		if err := json.NewDecoder(r.Body).Decode(&req); err != nil {
			t.Error(err)
		}
		s.mu.Lock()
		s.batches = append(s.batches, req.TaskIDs)
		s.mu.Unlock()
		status, body := decide(req.TaskIDs)
		answers(status, body)(w, r)
	})
	return url
}

func (s *batchServer) sizes() []int {
	s.mu.Lock()
	defer s.mu.Unlock()
	var sizes []int
	for _, b := range s.batches {
		sizes = append(sizes, len(b))
	}
	slices.Sort(sizes)
	return sizes
}

func succeed([]string) (int, string) { return 200, successBody }

// account collects what a purge yields and holds that no id comes twice.
func account(t *testing.T, purge iter.Seq2[[]string, error]) map[string]error {
	t.Helper()
	outcomes := map[string]error{}
	for ids, err := range purge {
		if len(ids) == 0 {
			t.Errorf("a batch without ids: %v", err)
		}
		for _, id := range ids {
			if _, twice := outcomes[id]; twice {
				t.Errorf("%q is yielded twice", id)
			}
			outcomes[id] = err
		}
	}
	return outcomes
}

func TestPurgeDeletesInBatches(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		ids   int
		opts  PurgeOptions
		sizes []int
	}{
		{"nothing", 0, PurgeOptions{}, nil},
		{"one", 1, PurgeOptions{}, []int{1}},
		{"the default batch", 100, PurgeOptions{}, []int{100}},
		{"one over it", 101, PurgeOptions{}, []int{1, 100}},
		{"batches of one", 5, PurgeOptions{BatchSize: 1}, []int{1, 1, 1, 1, 1}},
		{"one request at a time", 25, PurgeOptions{BatchSize: 10, Concurrency: 1}, []int{5, 10, 10}},
		{"more workers than batches", 25, PurgeOptions{BatchSize: 10, Concurrency: 64}, []int{5, 10, 10}},
		{"a huge batch size", 25, PurgeOptions{BatchSize: math.MaxInt}, []int{25}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			server := &batchServer{}
			c := newTestClient(t, server.serve(t, succeed))
			outcomes := account(t, c.PurgeImagesTasks(t.Context(), slices.Values(numbered(tt.ids)), tt.opts))
			if len(outcomes) != tt.ids {
				t.Errorf("%d of %d ids", len(outcomes), tt.ids)
			}
			for id, err := range outcomes {
				if err != nil {
					t.Errorf("%s: %v", id, err)
				}
			}
			if got := server.sizes(); !slices.Equal(got, tt.sizes) {
				t.Errorf("batches of %v, want %v", got, tt.sizes)
			}
		})
	}
}

func TestPurgeSendsTheUID(t *testing.T) {
	t.Parallel()
	bodies := make(chan string, 1)
	url, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		bodies <- string(b)
		answers(200, successBody)(w, r)
	})
	account(t, newTestClient(t, url).PurgeImagesTasks(t.Context(), slices.Values([]string{"a"}), PurgeOptions{UID: "u"}))
	if got := <-bodies; got != `{"taskids":["a"],"uid":"u"}` {
		t.Error(got)
	}
}

func TestPurgeYieldsBadIDsAlone(t *testing.T) {
	t.Parallel()
	server := &batchServer{}
	c := newTestClient(t, server.serve(t, succeed))
	outcomes := account(t, c.PurgeImagesTasks(t.Context(), slices.Values([]string{"a", "", "b", "x\xff", " ", "c"}), PurgeOptions{}))
	for id, bad := range map[string]bool{"a": false, "": true, "b": false, "x\xff": true, " ": true, "c": false} {
		err, there := outcomes[id]
		if !there || errors.Is(err, ErrInvalidRequest) != bad || errors.Is(err, ErrNotSent) != bad {
			t.Errorf("%q: %v (%t)", id, err, there)
		}
	}
	if got := server.sizes(); !slices.Equal(got, []int{3}) {
		t.Errorf("batches of %v", got)
	}
}

func TestPurgeRefusesBadOptions(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, "https://api.test")
	source := slices.Values([]string{"a"})
	var noContext context.Context
	for name, purge := range map[string]iter.Seq2[[]string, error]{
		"negative batch size":  c.PurgeImagesTasks(t.Context(), source, PurgeOptions{BatchSize: -1}),
		"negative concurrency": c.PurgeImagesTasks(t.Context(), source, PurgeOptions{Concurrency: -1}),
		"uid not UTF-8":        c.PurgeImagesTasks(t.Context(), source, PurgeOptions{UID: "\xff"}),
		"nil context":          c.PurgeImagesTasks(noContext, source, PurgeOptions{}),
		"nil sequence":         c.PurgeImagesTasks(t.Context(), nil, PurgeOptions{}),
	} {
		n := 0
		for ids, err := range purge {
			if n++; ids != nil || !errors.Is(err, ErrInvalidRequest) || !errors.Is(err, ErrNotSent) {
				t.Errorf("%s: %v, %v", name, ids, err)
			}
		}
		if n != 1 {
			t.Errorf("%s: yielded %d times", name, n)
		}
	}
}

func TestPurgeStopsWithTheContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	arrived, release := make(chan struct{}, 100), make(chan struct{})
	url, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		arrived <- struct{}{}
		<-release
		answers(200, successBody)(w, r)
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
	outcomes := account(t, newTestClient(t, url).PurgeImagesTasks(ctx, source, PurgeOptions{BatchSize: 10, Concurrency: 2}))
	if len(outcomes) != 26 || pulled != 26 {
		t.Errorf("%d of %d pulled ids", len(outcomes), pulled)
	}
	notSent, unknown := 0, 0
	for id, err := range outcomes {
		switch {
		case !errors.Is(err, context.Canceled):
			t.Errorf("%s: %v", id, err)
		case errors.Is(err, ErrNotSent):
			notSent++
		case errors.Is(err, ErrOutcomeUnknown):
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
	c := newTestClient(t, server.serve(t, succeed))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	outcomes := account(t, c.PurgeImagesTasks(ctx, slices.Values(numbered(10)), PurgeOptions{}))
	err := outcomes["task_0000000"]
	if len(outcomes) != 1 || !errors.Is(err, ErrNotSent) || !errors.Is(err, context.Canceled) || len(server.sizes()) != 0 {
		t.Errorf("%v, %d requests", outcomes, len(server.sizes()))
	}
}

func TestPurgeStopsWhenTheKeyIsRefused(t *testing.T) {
	t.Parallel()
	server := &batchServer{}
	c := newTestClient(t, server.serve(t, func([]string) (int, string) { return 401, `{"code":9999,"msg":"no"}` }))
	pulled := 0
	source := func(yield func(string) bool) {
		for _, id := range numbered(10000) {
			pulled++
			if !yield(id) {
				return
			}
		}
	}
	outcomes := account(t, c.PurgeImagesTasks(t.Context(), source, PurgeOptions{BatchSize: 10, Concurrency: 2, Isolate: true}))
	sent := 0
	for _, err := range outcomes {
		if !errors.Is(err, ErrUnauthorized) || errors.Is(err, ErrOutcomeUnknown) {
			t.Errorf("%v", err)
		}
		if !errors.Is(err, ErrNotSent) {
			sent++
		}
	}
	if len(outcomes) != pulled || pulled > 100 || sent != 10*len(server.sizes()) {
		t.Errorf("%d yielded, %d pulled, %d sent in %d requests", len(outcomes), pulled, sent, len(server.sizes()))
	}
}

func TestBreakingOutOfAPurge(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	defer close(release)
	url, requests := serve(t, sequence(answers(200, successBody), func(http.ResponseWriter, *http.Request) { <-release }))
	c := newTestClient(t, url)
	start := time.Now()
	for range c.PurgeImagesTasks(t.Context(), slices.Values(numbered(1000)), PurgeOptions{BatchSize: 1, Concurrency: 3}) {
		break
	}
	if requests.Load() > 4 || time.Since(start) > 10*time.Second {
		t.Errorf("%d requests in %v", requests.Load(), time.Since(start))
	}
}

func TestAPanicInTheLoopEndsThePurge(t *testing.T) {
	t.Parallel()
	url, _ := serve(t, answers(200, successBody))
	defer func() {
		if recover() != "mine" {
			t.Error("the panic was lost")
		}
	}() // goleak sees the goroutines that were left
	for range newTestClient(t, url).PurgeImagesTasks(t.Context(), slices.Values(numbered(100)), PurgeOptions{BatchSize: 1}) {
		panic("mine")
	}
}
