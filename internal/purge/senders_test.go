package purge

import (
	"context"
	"errors"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
)

// The context ends while two batches are under way and half of a third is pulled.
func TestTheEndOfTheContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	arrived := make(chan struct{}, 100)
	s := &service{decide: func(ctx context.Context, _ []string, _ bool) Verdict {
		arrived <- struct{}{}
		<-ctx.Done()
		return Verdict{Err: ctx.Err(), Doubt: true}
	}}
	src := &source{ids: numbered(1000), before: func(pulled int) {
		if pulled == 25 {
			<-arrived
			<-arrived
			cancel()
		}
	}}
	got := outcomes(t, Run(ctx, src.all(), s.options(Options{BatchSize: 10, Concurrency: 2})))
	if len(got) != 26 || src.pulled != 26 {
		t.Errorf("%d of %d pulled ids", len(got), src.pulled)
	}
	kept := 0
	for id, err := range got {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", id, err)
		}
		if errors.Is(err, errKept) {
			kept++
		}
	}
	if kept != 6 {
		t.Errorf("%d ids were kept back", kept)
	}
}

// The end of the context is seen among ids that can't be sent, too.
func TestTheContextEndsAmongIDsThatAreNotSent(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	s := &service{}
	src := &source{ids: make([]string, 1000)}
	blank := 0
	for _, err := range Run(ctx, src.all(), s.options(Options{BatchSize: 10, Concurrency: 2})) {
		if blank++; err != errBlank {
			t.Error(err)
		}
		if blank == 5 {
			cancel()
		}
	}
	if blank != 5 || src.pulled != 5 {
		t.Errorf("%d yielded, %d pulled", blank, src.pulled)
	}
}

// Ids that can't be sent do not end the run, and need no request.
func TestManyIDsThatAreNotSent(t *testing.T) {
	t.Parallel()
	s := &service{}
	src := &source{ids: slices.Repeat([]string{"", "", "", "a"}, 1000)}
	sent, blank := 0, 0
	for ids, err := range Run(t.Context(), src.all(), s.options(Options{BatchSize: 10, Concurrency: 2})) {
		if err == nil {
			sent += len(ids)
		} else {
			blank += len(ids)
		}
	}
	if sent != 1000 || blank != 3000 || len(s.sizes()) != 100 {
		t.Errorf("%d sent in %d requests, %d blank", sent, len(s.sizes()), blank)
	}
}

func TestIsolateFindsTheRefusedIDs(t *testing.T) {
	t.Parallel()
	bad := map[string]bool{"task_0000003": true, "task_0000004": true, "task_0000096": true}
	s := &service{decide: func(_ context.Context, ids []string, doubt bool) Verdict {
		if doubt {
			t.Errorf("%v are in doubt", ids)
		}
		if slices.ContainsFunc(ids, func(id string) bool { return bad[id] }) {
			return Verdict{Err: errRefused, Split: true}
		}
		return Verdict{}
	}}
	got := outcomes(t, Run(t.Context(), slices.Values(numbered(100)), s.options(Options{BatchSize: 25, Concurrency: 4, Isolate: true})))
	for id, err := range got {
		if (err != nil) != bad[id] {
			t.Errorf("%s: %v", id, err)
		}
	}
	if len(got) != 100 || len(s.sizes()) > 30 {
		t.Errorf("%d ids in %d requests", len(got), len(s.sizes()))
	}
}

// More halves come of a batch than results fit into the channel.
func TestIsolateEverything(t *testing.T) {
	t.Parallel()
	s := &service{decide: func(context.Context, []string, bool) Verdict { return Verdict{Err: errRefused, Split: true} }}
	got := outcomes(t, Run(t.Context(), slices.Values(numbered(500)), s.options(Options{BatchSize: 500, Concurrency: 1, Isolate: true})))
	if len(got) != 500 || len(s.sizes()) != 999 {
		t.Errorf("%d ids in %d requests", len(got), len(s.sizes()))
	}
}

func TestIsolateSplitsOnlyWhatAHalfMayPass(t *testing.T) {
	t.Parallel()
	s := &service{decide: func(context.Context, []string, bool) Verdict { return Verdict{Err: errRefused} }}
	outcomes(t, Run(t.Context(), slices.Values(numbered(8)), s.options(Options{BatchSize: 8, Isolate: true})))
	if sizes := s.sizes(); !slices.Equal(sizes, []int{8}) {
		t.Errorf("batches of %v", sizes)
	}
}

// What an earlier request may have done is known to each later one with the same
// ids, and to those ids that are not sent any more.
func TestIsolateCarriesDoubt(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		first Verdict
		doubt bool
	}{
		"none":       {Verdict{Err: errRefused, Split: true}, false},
		"of a batch": {Verdict{Err: errRefused, Split: true, Doubt: true}, true},
	} {
		s := &service{}
		s.decide = func(_ context.Context, ids []string, doubt bool) Verdict {
			switch {
			case len(ids) == 8 && !doubt:
				return tt.first
			case doubt != tt.doubt:
				t.Errorf("%s: %v are sent with doubt %t", name, ids, doubt)
			case ids[0] == "task_0000002":
				return Verdict{Err: errKey, Stop: errKey}
			}
			return Verdict{Err: errRefused, Split: true}
		}
		got := outcomes(t, Run(t.Context(), slices.Values(numbered(8)), s.options(Options{BatchSize: 8, Isolate: true})))
		if err := got["task_0000007"]; len(got) != 8 || !errors.Is(err, errKept) || !errors.Is(err, errKey) {
			t.Errorf("%s: %v", name, got)
		}
		for id, err := range got {
			if want := id >= "task_0000004"; errors.Is(err, errKept) != want {
				t.Errorf("%s: %s: %v", name, id, err)
			}
		}
		if err := got["task_0000007"]; err != nil && err.Error() != "kept back, refused: the key was refused" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What is yielded belongs to the loop: appending to it must not reach the half
// that is still to be sent.
func TestYieldedHalvesAreApart(t *testing.T) {
	t.Parallel()
	s := &service{decide: func(_ context.Context, ids []string, _ bool) Verdict {
		if len(ids) > 2 {
			return Verdict{Err: errRefused, Split: true}
		}
		return Verdict{}
	}}
	seen := map[string]bool{}
	for ids, err := range Run(t.Context(), slices.Values(numbered(8)), s.options(Options{BatchSize: 8, Isolate: true})) {
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range ids {
			seen[id] = true
		}
		_ = append(ids, "overwritten")
	}
	for _, batch := range s.batches {
		if slices.Contains(batch, "overwritten") {
			t.Errorf("sent %v", batch)
		}
	}
	if len(seen) != 8 {
		t.Errorf("%d ids", len(seen))
	}
}

// The rejection of the whole batch is not lost where a half could not be sent.
func TestIsolateKeepsTheRejectionOfAHalfThatCouldNotBeSent(t *testing.T) {
	t.Parallel()
	errDial := errors.New("connection refused")
	s := &service{decide: func(_ context.Context, ids []string, _ bool) Verdict {
		if len(ids) == 2 {
			return Verdict{Err: errRefused, Split: true}
		}
		return Verdict{Err: errDial, Unsent: true, Failed: errDial}
	}}
	o := s.options(Options{BatchSize: 2, Isolate: true})
	o.NotSent = func(reason, refused error) error { return errors.Join(reason, refused) }
	got := outcomes(t, Run(t.Context(), slices.Values(numbered(2)), o))
	for id, err := range got {
		if !errors.Is(err, errRefused) || !errors.Is(err, errDial) {
			t.Errorf("%s: %v", id, err)
		}
	}
	if len(got) != 2 {
		t.Errorf("%d ids", len(got))
	}
}

// A sender is kept for all the batches that it can take, and replaced when it ends.
func TestSendersAreKept(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	senders := map[string]int{}
	s := &service{decide: func(context.Context, []string, bool) Verdict {
		mu.Lock()
		defer mu.Unlock()
		id, _, _ := strings.Cut(string(debug.Stack()), " [") // goroutine 7
		senders[id]++
		if senders[id] == 40 {
			defer runtime.Goexit()
		}
		return Verdict{}
	}}
	got := outcomes(t, Run(t.Context(), slices.Values(numbered(100)), s.options(Options{Concurrency: 3, Aborted: func() error { return errAborted }})))
	if len(got) != 100 || len(senders) > 5 {
		t.Errorf("%d ids, sent by %d senders", len(got), len(senders))
	}
}
