package poll

import (
	"context"
	"errors"
	"math"
	"testing"
	"testing/synctest"
	"time"
)

var errTimeout = errors.New("timed out")

func options() Options {
	return Options{Interval: 2 * time.Second, MaxInterval: 15 * time.Second, Timeout: 5 * time.Minute, TimeoutErr: errTimeout}
}

func TestUntilReturnsWhenTheQueryIsDone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		queries := 0
		end := Until(t.Context(), options(), func(context.Context) (bool, time.Duration) {
			queries++
			return queries == 3, 0
		})
		if end != nil || queries != 3 {
			t.Errorf("%+v after %d queries", end, queries)
		}
	})
}

// Between any two queries is the interval, give or take a fifth.
func TestIntervalsGrowByHalfUpToTheMaximum(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var at []time.Time
		Until(t.Context(), options(), func(context.Context) (bool, time.Duration) {
			at = append(at, time.Now())
			return len(at) == 10, 0
		})
		want := 2 * time.Second
		for i := 1; i < len(at); i++ {
			if got := at[i].Sub(at[i-1]); got < want*4/5 || got > want*6/5 {
				t.Errorf("query %d came after %v, want %v", i+1, got, want)
			}
			want = min(want*3/2, 15*time.Second)
		}
	})
}

func TestUntilEnds(t *testing.T) {
	t.Parallel()
	reason := errors.New("enough")
	tests := []struct {
		name       string
		timeout    time.Duration
		deadline   time.Duration // of the caller's context; 0: none
		cancel     time.Duration // 0: never
		retryAfter time.Duration
		want       [2]error
		at         time.Duration
	}{
		{"timeout", time.Minute, 0, 0, 0, [2]error{context.DeadlineExceeded, errTimeout}, time.Minute},
		{"the caller's deadline", time.Hour, time.Minute, 0, 0, [2]error{context.DeadlineExceeded, context.DeadlineExceeded}, time.Minute},
		{"cancelled", time.Hour, 0, 30 * time.Second, 0, [2]error{context.Canceled, reason}, 30 * time.Second},
		{"a Retry-After that outlasts the timeout", time.Minute, 0, 0, time.Hour, [2]error{context.DeadlineExceeded, errTimeout}, time.Minute},
		{"a Retry-After that outlasts the deadline", time.Hour, time.Minute, 0, time.Hour, [2]error{context.DeadlineExceeded, context.DeadlineExceeded}, time.Minute},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancelCause(t.Context())
				defer cancel(nil)
				if tt.deadline > 0 {
					var stop context.CancelFunc
					ctx, stop = context.WithTimeout(ctx, tt.deadline)
					defer stop()
				}
				if tt.cancel > 0 {
					time.AfterFunc(tt.cancel, func() { cancel(reason) })
				}
				o, start := options(), time.Now()
				o.Timeout = tt.timeout
				end := Until(ctx, o, func(context.Context) (bool, time.Duration) { return false, tt.retryAfter })
				if !errors.Is(end, tt.want[0]) || !errors.Is(end, tt.want[1]) || errors.Is(end, errTimeout) != errors.Is(tt.want[1], errTimeout) || time.Since(start) != tt.at {
					t.Errorf("%+v after %v", end, time.Since(start))
				}
			})
		})
	}
}

// The last query is made shortly before the end, however long the interval is.
func TestTheLastQueryIsShortlyBeforeTheEnd(t *testing.T) {
	t.Parallel()
	for _, interval := range []time.Duration{time.Second, time.Minute, math.MaxInt64} {
		synctest.Test(t, func(t *testing.T) {
			start, last := time.Now(), time.Time{}
			o := Options{Interval: interval, MaxInterval: interval, Timeout: 5 * time.Minute, TimeoutErr: errTimeout}
			Until(t.Context(), o, func(context.Context) (bool, time.Duration) {
				last = time.Now()
				return false, 0
			})
			if before := start.Add(o.Timeout).Sub(last); before <= 0 || before > maxLastQuery {
				t.Errorf("interval %v: the last query was %v before the end", interval, before)
			}
		})
	}
}

// A wait that is asked to outlast its end lasts until its end, and not less.
func TestARetryAfterThatOutlastsTheWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		var at []time.Duration
		o := options()
		o.Timeout = time.Minute
		end := Until(t.Context(), o, func(context.Context) (bool, time.Duration) {
			at = append(at, time.Since(start))
			return false, time.Hour
		})
		if end == nil || time.Since(start) != time.Minute || len(at) != 2 || at[1] != time.Minute-maxLastQuery {
			t.Errorf("%+v after %v, queries at %v", end, time.Since(start), at)
		}
		// It is asked when there is no time for a last query.
		start, at = time.Now(), nil
		Until(t.Context(), o, func(context.Context) (bool, time.Duration) {
			at = append(at, time.Since(start))
			time.Sleep(59 * time.Second)
			return false, time.Hour
		})
		if time.Since(start) != time.Minute || len(at) != 1 {
			t.Errorf("after %v, queries at %v", time.Since(start), at)
		}
	})
}

func TestARetryAfterIsObeyed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var at []time.Time
		Until(t.Context(), options(), func(context.Context) (bool, time.Duration) {
			at = append(at, time.Now())
			return len(at) == 2, time.Minute
		})
		if got := at[1].Sub(at[0]); got != time.Minute {
			t.Errorf("waited %v", got)
		}
	})
}

// With Since, queries come at 2, 4, 6 and 8 s, and then after a twelfth of the age.
func TestIntervalsFollowTheAge(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		age       time.Duration // when the wait begins; negative if the clock was set back
		first     time.Duration
		queries   int // until an age of two minutes
		tolerance int
	}{
		"new":             {0, 2 * time.Second, 38, 3},
		"half a minute":   {30 * time.Second, 0, 17, 3},
		"the clock jumps": {-time.Hour, 2 * time.Second, 60, 60}, // each Interval; counted below
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				o, start := options(), time.Now()
				o.Since = start.Add(-tt.age)
				var at []time.Time
				Until(t.Context(), o, func(context.Context) (bool, time.Duration) {
					at = append(at, time.Now())
					return time.Since(o.Since) >= 2*time.Minute || len(at) == 60, 0
				})
				if got := at[0].Sub(start); got < tt.first*4/5 || got > tt.first*6/5 {
					t.Errorf("the first query came after %v", got)
				}
				if n := len(at); n < tt.queries-tt.tolerance || n > tt.queries+tt.tolerance {
					t.Errorf("%d queries, want about %d", n, tt.queries)
				}
				for i := 1; i < len(at); i++ {
					want := o.Interval
					if age := at[i-1].Sub(o.Since); age >= 4*o.Interval {
						want = age / 12
					}
					if got := at[i].Sub(at[i-1]); got < want*4/5 || got > want*6/5 {
						t.Errorf("query %d came after %v, want %v", i+1, got, want)
					}
				}
			})
		})
	}
}

func TestAnOldTaskIsQueriedAtTheMaximum(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o, start, n := options(), time.Now(), 0
		o.Since = start.Add(-24 * time.Hour)
		Until(t.Context(), o, func(context.Context) (bool, time.Duration) {
			n++
			return n == 3, 0
		})
		if got := time.Since(start); got < 2*o.MaxInterval*4/5 || got > 2*o.MaxInterval*6/5 {
			t.Errorf("3 queries in %v", got)
		}
	})
}
