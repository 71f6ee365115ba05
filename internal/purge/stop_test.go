package purge

import (
	"context"
	"errors"
	"slices"
	"testing"
)

// After a Stop nothing more is sent, and each id of the rest comes back in batches.
func TestStopEndsTheSending(t *testing.T) {
	t.Parallel()
	s := &service{decide: func(context.Context, []string, bool) Verdict {
		return Verdict{Err: errKey, Split: true, Stop: errKey}
	}}
	src := &source{ids: numbered(10_005)}
	sent, kept := 0, 0
	seen := map[string]bool{}
	for ids, err := range Run(t.Context(), src.all(), s.options(Options{BatchSize: 10, Concurrency: 2})) {
		if !errors.Is(err, errKey) || len(ids) > 10 || len(ids) < 10 && ids[0] != "task_0010000" {
			t.Errorf("%d ids from %s: %v", len(ids), ids[0], err)
		}
		for _, id := range ids {
			seen[id] = true
		}
		if errors.Is(err, errKept) {
			kept += len(ids)
		} else {
			sent += len(ids)
		}
	}
	if len(seen) != 10_005 || sent+kept != 10_005 || sent > 20 || sent != 10*len(s.sizes()) {
		t.Errorf("%d ids, %d sent in %d requests, %d kept back", len(seen), sent, len(s.sizes()), kept)
	}
}

// The ids that can't be sent are told from those that are not sent any more.
func TestStopAmongIDsThatAreNotSent(t *testing.T) {
	t.Parallel()
	s := &service{decide: func(context.Context, []string, bool) Verdict { return Verdict{Err: errKey, Stop: errKey} }}
	src := &source{ids: slices.Repeat([]string{"a", "", ""}, 1000)}
	blank, other := 0, 0
	for ids, err := range Run(t.Context(), src.all(), s.options(Options{BatchSize: 10, Concurrency: 2})) {
		switch {
		case err == errBlank:
			blank += len(ids)
		case errors.Is(err, errKey):
			other += len(ids)
		}
	}
	if blank != 2000 || other != 1000 || len(s.sizes()) > 2 {
		t.Errorf("%d blank, %d others, %d requests", blank, other, len(s.sizes()))
	}
}

// The rest is pulled no faster than it is yielded, so that memory stays bounded.
func TestTheRestIsYieldedAsItIsPulled(t *testing.T) {
	t.Parallel()
	s := &service{decide: func(context.Context, []string, bool) Verdict { return Verdict{Err: errKey, Stop: errKey} }}
	src := &source{ids: numbered(1000)}
	yielded := 0
	for ids := range Run(t.Context(), src.all(), s.options(Options{BatchSize: 10, Concurrency: 3})) {
		if yielded += len(ids); src.pulled-yielded > 40 {
			t.Fatalf("%d ids are pulled, %d yielded", src.pulled, yielded)
		}
	}
	if yielded != 1000 {
		t.Errorf("%d ids", yielded)
	}
}

// Breaking out of the loop and the end of the context still end the pulling.
func TestTheRestEnds(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(cancel context.CancelFunc) (goOn bool){
		"by the context": func(cancel context.CancelFunc) bool { cancel(); return true },
		"by breaking":    func(context.CancelFunc) bool { return false },
	} {
		ctx, cancel := context.WithCancel(t.Context())
		s := &service{decide: func(context.Context, []string, bool) Verdict { return Verdict{Err: errKey, Stop: errKey} }}
		src := &source{ids: numbered(1000)}
		yielded, ended := 0, false
		for ids, err := range Run(ctx, src.all(), s.options(Options{BatchSize: 10, Concurrency: 1})) {
			yielded += len(ids)
			if errors.Is(err, errKept) && !ended {
				ended = true
				if !end(cancel) {
					break
				}
			}
		}
		cancel()
		if src.pulled > 40 || name == "by the context" && yielded != src.pulled {
			t.Errorf("%s: %d pulled, %d yielded", name, src.pulled, yielded)
		}
	}
}

func TestStopAfter(t *testing.T) {
	t.Parallel()
	failed, ok, refused := Verdict{Err: errRefused, Failed: errDown}, Verdict{}, Verdict{Err: errRefused, Split: true}
	for name, tt := range map[string]struct {
		after    int
		verdicts []Verdict // of the requests in their order; the last one repeats
		requests int       // of 20
	}{
		"an outage":              {3, []Verdict{failed}, 3},
		"the first":              {1, []Verdict{failed}, 1},
		"later":                  {3, []Verdict{ok, ok, failed}, 5},
		"not in a row":           {2, []Verdict{failed, ok, failed, refused, failed, ok}, 20},
		"a row in the middle":    {2, []Verdict{failed, ok, failed, failed, ok}, 4},
		"refusals are no outage": {2, []Verdict{refused}, 20},
		"no limit":               {0, []Verdict{failed}, 20},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := 0 // no lock: one request at a time
			s := &service{decide: func(context.Context, []string, bool) Verdict {
				v := tt.verdicts[min(n, len(tt.verdicts)-1)]
				n++
				return v
			}}
			got := outcomes(t, Run(t.Context(), slices.Values(numbered(40)), s.options(Options{BatchSize: 2, StopAfter: tt.after, Concurrency: 1})))
			if len(got) != 40 || n != tt.requests {
				t.Errorf("%d ids, %d requests", len(got), n)
			}
			for id, err := range got {
				if kept := id >= numbered(41)[2*tt.requests]; errors.Is(err, errKept) != kept || kept && !errors.Is(err, errDown) {
					t.Errorf("%s: %v", id, err)
				}
			}
		})
	}
}

// With several at a time, no more are begun once the limit is reached.
func TestStopAfterIsSeenAtOnce(t *testing.T) {
	t.Parallel()
	s := &service{decide: func(context.Context, []string, bool) Verdict { return Verdict{Err: errDown, Failed: errDown} }}
	got := outcomes(t, Run(t.Context(), slices.Values(numbered(1000)), s.options(Options{BatchSize: 1, StopAfter: 5, Concurrency: 4})))
	if n := len(s.sizes()); len(got) != 1000 || n < 5 || n > 8 {
		t.Errorf("%d ids, %d requests", len(got), n)
	}
}

// Requests that the end of the context cut short are no outage.
func TestTheEndOfTheContextIsNoFailure(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	s := &service{decide: func(context.Context, []string, bool) Verdict {
		cancel()
		return Verdict{Err: errRefused, Failed: errDown}
	}}
	got := outcomes(t, Run(ctx, slices.Values(numbered(10)), s.options(Options{BatchSize: 1, StopAfter: 1, Concurrency: 1})))
	if err := got["task_0000001"]; len(got) > 2 || err != nil && (errors.Is(err, errDown) || !errors.Is(err, context.Canceled)) {
		t.Errorf("%v", got)
	}
}
