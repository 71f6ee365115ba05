package conformance

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"math"
	"net/http"
	"slices"
	"sync"
	"testing"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/internal/testkit"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

func numbered(n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = fmt.Sprintf("task_%07d", i)
	}
	return ids
}

// batchServer responds to each deletion as decide says for its ids, and records
// the batches.
type batchServer struct {
	mu      sync.Mutex
	batches [][]string
}

func (s *batchServer) serve(t *testing.T, decide func(ids []string) (int, string)) string {
	url, _ := testkit.Serve(t, func(w http.ResponseWriter, r *http.Request) {
		var req generated.DeleteImagesTaskRequest
		if err := json.NewDecoder(r.Body).Decode(&req); err != nil {
			t.Error(err)
		}
		s.mu.Lock()
		s.batches = append(s.batches, req.TaskIDs)
		s.mu.Unlock()
		status, body := decide(req.TaskIDs)
		testkit.Respond(status, body)(w, r)
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

// outcomesOf collects what a purge yields and checks that no id comes twice.
func outcomesOf(t *testing.T, purge iter.Seq2[[]string, error]) map[string]error {
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
		opts  wrapper.PurgeOptions
		sizes []int
	}{
		{"nothing", 0, wrapper.PurgeOptions{}, nil},
		{"one", 1, wrapper.PurgeOptions{}, []int{1}},
		{"the default batch", 100, wrapper.PurgeOptions{}, []int{100}},
		{"one over it", 101, wrapper.PurgeOptions{}, []int{1, 100}},
		{"batches of one", 5, wrapper.PurgeOptions{BatchSize: 1}, []int{1, 1, 1, 1, 1}},
		{"one request at a time", 25, wrapper.PurgeOptions{BatchSize: 10, Concurrency: 1}, []int{5, 10, 10}},
		{"more workers than batches", 25, wrapper.PurgeOptions{BatchSize: 10, Concurrency: 64}, []int{5, 10, 10}},
		{"a huge batch size", 25, wrapper.PurgeOptions{BatchSize: math.MaxInt}, []int{25}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			server := &batchServer{}
			c := newRetryingClient(t, server.serve(t, succeed))
			outcomes := outcomesOf(t, c.PurgeImagesTasks(t.Context(), slices.Values(numbered(tt.ids)), tt.opts))
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
	url, bodies := recordBodies(t, testkit.Respond(200, successBody))
	outcomesOf(t, newRetryingClient(t, url).PurgeImagesTasks(t.Context(), slices.Values([]string{"a"}), wrapper.PurgeOptions{UID: "u"}))
	if got := <-bodies; got != `{"taskids":["a"],"uid":"u"}` {
		t.Error(got)
	}
}

func TestPurgeYieldsBadIDsAlone(t *testing.T) {
	t.Parallel()
	server := &batchServer{}
	c := newRetryingClient(t, server.serve(t, succeed))
	outcomes := outcomesOf(t, c.PurgeImagesTasks(t.Context(), slices.Values([]string{"a", "", "b", "x\xff", " ", "c"}), wrapper.PurgeOptions{}))
	for id, bad := range map[string]bool{"a": false, "": true, "b": false, "x\xff": true, " ": true, "c": false} {
		err, there := outcomes[id]
		if !there || errors.Is(err, wrapper.ErrInvalidRequest) != bad || errors.Is(err, wrapper.ErrNotSent) != bad {
			t.Errorf("%q: %v (%t)", id, err, there)
		}
	}
	if got := server.sizes(); !slices.Equal(got, []int{3}) {
		t.Errorf("batches of %v", got)
	}
}

func TestPurgeRefusesBadOptions(t *testing.T) {
	t.Parallel()
	c := newRetryingClient(t, "https://api.test")
	source := slices.Values([]string{"a"})
	var noContext context.Context
	for name, purge := range map[string]iter.Seq2[[]string, error]{
		"negative batch size":  c.PurgeImagesTasks(t.Context(), source, wrapper.PurgeOptions{BatchSize: -1}),
		"negative concurrency": c.PurgeImagesTasks(t.Context(), source, wrapper.PurgeOptions{Concurrency: -1}),
		"uid not UTF-8":        c.PurgeImagesTasks(t.Context(), source, wrapper.PurgeOptions{UID: "\xff"}),
		"nil context":          c.PurgeImagesTasks(noContext, source, wrapper.PurgeOptions{}),
		"nil sequence":         c.PurgeImagesTasks(t.Context(), nil, wrapper.PurgeOptions{}),
	} {
		n := 0
		for ids, err := range purge {
			if n++; ids != nil || !errors.Is(err, wrapper.ErrInvalidRequest) || !errors.Is(err, wrapper.ErrNotSent) {
				t.Errorf("%s: %v, %v", name, ids, err)
			}
		}
		if n != 1 {
			t.Errorf("%s: yielded %d times", name, n)
		}
	}
}
