package purge

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

func TestRunSendsBatches(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		ids   int
		opts  Options
		sizes []int
	}{
		"nothing":                {0, Options{BatchSize: 100, Concurrency: 4}, nil},
		"one":                    {1, Options{BatchSize: 100, Concurrency: 4}, []int{1}},
		"a whole batch":          {100, Options{BatchSize: 100, Concurrency: 4}, []int{100}},
		"one more":               {101, Options{BatchSize: 100, Concurrency: 4}, []int{1, 100}},
		"batches of one":         {5, Options{BatchSize: 1, Concurrency: 4}, []int{1, 1, 1, 1, 1}},
		"one at a time":          {25, Options{BatchSize: 10, Concurrency: 1}, []int{5, 10, 10}},
		"more places":            {25, Options{BatchSize: 10, Concurrency: 64}, []int{5, 10, 10}},
		"many places":            {25, Options{BatchSize: 10, Concurrency: math.MaxInt}, []int{5, 10, 10}},
		"a huge batch size":      {25, Options{BatchSize: math.MaxInt, Concurrency: 1}, []int{25}},
		"no sizes":               {3, Options{}, []int{1, 1, 1}},
		"negative sizes":         {3, Options{BatchSize: -1, Concurrency: math.MinInt}, []int{1, 1, 1}},
		"more than the channel":  {500, Options{BatchSize: 1, Concurrency: 200}, slices.Repeat([]int{1}, 500)},
		"isolating what is good": {25, Options{BatchSize: 10, Concurrency: 2, Isolate: true}, []int{5, 10, 10}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &service{}
			got := outcomes(t, Run(t.Context(), slices.Values(numbered(tt.ids)), s.options(tt.opts)))
			if len(got) != tt.ids {
				t.Errorf("%d of %d ids", len(got), tt.ids)
			}
			for id, err := range got {
				if err != nil {
					t.Errorf("%s: %v", id, err)
				}
			}
			if sizes := s.sizes(); !slices.Equal(sizes, tt.sizes) {
				t.Errorf("batches of %v, want %v", sizes, tt.sizes)
			}
		})
	}
}

func TestRunYieldsTheErrorOfTheBatch(t *testing.T) {
	t.Parallel()
	s := &service{decide: func(_ context.Context, ids []string, _ bool) Verdict {
		if ids[0] == "task_0000010" {
			return Verdict{Err: errRefused, Split: true}
		}
		return Verdict{}
	}}
	for id, err := range outcomes(t, Run(t.Context(), slices.Values(numbered(30)), s.options(Options{BatchSize: 10, Concurrency: 2}))) {
		if want := id >= "task_0000010" && id < "task_0000020"; (err == errRefused) != want {
			t.Errorf("%s: %v", id, err)
		}
	}
	if sizes := s.sizes(); !slices.Equal(sizes, []int{10, 10, 10}) {
		t.Errorf("batches of %v, though Isolate is off", sizes)
	}
}

func TestRunYieldsBadIDsAlone(t *testing.T) {
	t.Parallel()
	s := &service{}
	bad, good := 0, 0
	for ids, err := range Run(t.Context(), slices.Values([]string{"", "a", "", "b", "", "", "c"}), s.options(Options{BatchSize: 100, Concurrency: 4})) {
		switch {
		case err == errBlank && slices.Equal(ids, []string{""}):
			bad++
		case err == nil && slices.Equal(ids, []string{"a", "b", "c"}):
			good++
		default:
			t.Errorf("%q: %v", ids, err)
		}
	}
	if bad != 4 || good != 1 {
		t.Errorf("%d bad ids, %d batches", bad, good)
	}
}

func TestRunWithoutACheck(t *testing.T) {
	t.Parallel()
	s := &service{}
	opts := s.options(Options{BatchSize: 2})
	opts.Check = nil
	if got := outcomes(t, Run(t.Context(), slices.Values([]string{"", "a"}), opts)); len(got) != 2 || got[""] != nil {
		t.Errorf("%v", got)
	}
}

// The same sequence may be ranged over again, and does the work again.
func TestRunAgain(t *testing.T) {
	t.Parallel()
	s := &service{}
	run := Run(t.Context(), slices.Values(numbered(5)), s.options(Options{BatchSize: 5}))
	if first, second := outcomes(t, run), outcomes(t, run); len(first) != 5 || len(second) != 5 || len(s.sizes()) != 2 {
		t.Errorf("%d, then %d ids in %v", len(first), len(second), s.sizes())
	}
}

// No more is pulled than the batches under way and one more.
func TestRunPullsNoFasterThanItSends(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		s := &service{decide: func(context.Context, []string, bool) Verdict {
			<-release
			return Verdict{}
		}}
		src := &source{ids: numbered(1000)}
		done := make(chan int)
		go func() {
			done <- len(outcomes(t, Run(t.Context(), src.all(), s.options(Options{BatchSize: 10, Concurrency: 3}))))
		}()
		synctest.Wait()
		if src.pulled != 40 || len(s.sizes()) != 3 {
			t.Errorf("%d ids are pulled, %d batches sent", src.pulled, len(s.sizes()))
		}
		close(release)
		if n := <-done; n != 1000 {
			t.Errorf("%d ids", n)
		}
	})
}

// Each batch takes a second, so that the time tells how many were sent at once.
func TestRunSendsConcurrently(t *testing.T) {
	t.Parallel()
	for concurrency, want := range map[int]time.Duration{1: 12 * time.Second, 3: 4 * time.Second, 12: time.Second, 100: time.Second} {
		synctest.Test(t, func(t *testing.T) {
			s := &service{decide: func(context.Context, []string, bool) Verdict {
				time.Sleep(time.Second)
				return Verdict{}
			}}
			start := time.Now()
			got := outcomes(t, Run(t.Context(), slices.Values(numbered(120)), s.options(Options{BatchSize: 10, Concurrency: concurrency})))
			if took := time.Since(start); len(got) != 120 || took != want {
				t.Errorf("%d at a time: %d ids in %v, want %v", concurrency, len(got), took, want)
			}
		})
	}
}

func TestBreakingCancelsWhatIsUnderWay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &service{decide: func(ctx context.Context, ids []string, _ bool) Verdict {
			if ids[0] != "task_0000000" {
				<-ctx.Done()
			}
			return Verdict{Err: ctx.Err()}
		}}
		for ids, err := range Run(t.Context(), slices.Values(numbered(1000)), s.options(Options{BatchSize: 1, Concurrency: 3})) {
			if err != nil || !slices.Equal(ids, []string{"task_0000000"}) {
				t.Errorf("%v: %v", ids, err)
			}
			break
		}
		if n := len(s.sizes()); n > 4 {
			t.Errorf("%d requests", n)
		}
	}) // which fails if a goroutine is left
}

func TestBreakingAtABadIDCancelsWhatIsUnderWay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &service{decide: func(ctx context.Context, _ []string, _ bool) Verdict {
			<-ctx.Done()
			return Verdict{Err: ctx.Err()}
		}}
		for ids, err := range Run(t.Context(), slices.Values([]string{"a", "", "b"}), s.options(Options{BatchSize: 1, Concurrency: 3})) {
			if err != errBlank {
				t.Errorf("%v: %v", ids, err)
			}
			break
		}
	})
}

func TestPanicsEndTheRun(t *testing.T) {
	t.Parallel()
	s := &service{}
	for name, run := range map[string]func(){
		"in the loop": func() {
			for range Run(t.Context(), slices.Values(numbered(100)), s.options(Options{BatchSize: 1, Concurrency: 4})) {
				panic("mine")
			}
		},
		"in the sequence": func() {
			src := &source{ids: numbered(100), before: func(pulled int) {
				if pulled == 50 {
					panic("mine")
				}
			}}
			outcomes(t, Run(t.Context(), src.all(), s.options(Options{BatchSize: 1, Concurrency: 4})))
		},
	} {
		func() {
			defer func() {
				if recover() != "mine" {
					t.Errorf("%s: the panic was lost", name)
				}
			}()
			run()
		}()
	}
}

// A function of the caller's that ends its goroutine must not hold the place, or
// the loop, forever; its ids are in doubt.
func TestAGoroutineThatExitsFreesItsPlace(t *testing.T) {
	t.Parallel()
	s := &service{decide: func(_ context.Context, ids []string, _ bool) Verdict {
		if ids[0] < "task_0000005" {
			runtime.Goexit()
		}
		return Verdict{}
	}}
	got := outcomes(t, Run(t.Context(), slices.Values(numbered(10)), s.options(Options{BatchSize: 1, Concurrency: 1, Aborted: func() error { return errAborted }})))
	if len(got) != 10 || len(s.sizes()) != 10 {
		t.Errorf("%d ids in %d requests", len(got), len(s.sizes()))
	}
	for id, err := range got {
		if (err == errAborted) != (id < "task_0000005") { //nolint:errorlint // the very same
			t.Errorf("%s: %v", id, err)
		}
	}
}

// Of a batch that is bisected, only the part that was not settled is in doubt.
func TestAGoroutineThatExitsBetweenHalves(t *testing.T) {
	t.Parallel()
	s := &service{decide: func(_ context.Context, ids []string, _ bool) Verdict {
		switch {
		case len(ids) == 4:
			return Verdict{Err: errRefused, Split: true}
		case ids[0] == "task_0000002":
			runtime.Goexit()
		}
		return Verdict{}
	}}
	got := outcomes(t, Run(t.Context(), slices.Values(numbered(4)), s.options(Options{BatchSize: 4, Isolate: true, Aborted: func() error { return errAborted }})))
	for i, id := range numbered(4) {
		want := error(nil)
		if i >= 2 {
			want = errAborted
		}
		if err, yielded := got[id]; !yielded || err != want { //nolint:errorlint // the very same
			t.Errorf("%s: %v", id, err)
		}
	}
}

func TestRunReturnsCausesOfTheContext(t *testing.T) {
	t.Parallel()
	reason := errors.New("enough")
	for name, tt := range map[string]struct {
		cause error
		text  string
	}{
		"none":       {nil, "kept back: context canceled"},
		"the same":   {context.Canceled, "kept back: context canceled"},
		"of its own": {reason, "kept back: context canceled: enough"},
	} {
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(tt.cause)
		s := &service{}
		src := &source{ids: numbered(10)}
		got := outcomes(t, Run(ctx, src.all(), s.options(Options{BatchSize: 5, Concurrency: 2})))
		err := got["task_0000000"]
		if len(got) != 1 || src.pulled != 1 || len(s.sizes()) != 0 || !errors.Is(err, context.Canceled) || !errors.Is(err, errKept) || tt.cause != nil && !errors.Is(err, tt.cause) {
			t.Errorf("%s: %v", name, got)
		}
		if err != nil && err.Error() != tt.text {
			t.Errorf("%s: got %q", name, err)
		}
	}
}

func TestWithoutMatchesAllButTheTargets(t *testing.T) {
	t.Parallel()
	first, second := errors.New("first"), errors.New("second")
	err := Without(fmt.Errorf("both: %w, %w", first, second), first)
	if errors.Is(err, first) || !errors.Is(err, second) || err.Error() != "both: first, second" {
		t.Errorf("%v: first %t, second %t", err, errors.Is(err, first), errors.Is(err, second))
	}
}
