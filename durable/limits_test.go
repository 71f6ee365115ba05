package durable

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

var someLimits = limits{record: time.Hour, grace: time.Minute, try: time.Second}

// What outlives a context ends a grace after it, or after its own time, whichever is earlier.
func TestOutliving(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		end     time.Duration // of the context; 0: never
		timeout time.Duration
		want    time.Duration
	}{
		"nothing ends":           {0, time.Hour, time.Hour},
		"the context ends":       {time.Second, time.Hour, time.Second + time.Minute},
		"the time is over first": {time.Second, 30 * time.Second, 30 * time.Second},
		"it has ended before":    {time.Nanosecond, time.Hour, time.Nanosecond + time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, end := context.WithCancel(t.Context())
				defer end()
				if tt.end > 0 {
					time.AfterFunc(tt.end, end)
				}
				start := time.Now()
				limited, cancel := someLimits.outliving(ctx, tt.timeout)
				<-limited.Done()
				if took := time.Since(start); took != tt.want {
					t.Errorf("ended after %v, want %v", took, tt.want)
				}
				cancel()
				cancel()
			})
		})
	}
}

// Whoever cancels it waits for nothing, whether or not the context has ended, and may do so twice.
func TestOutlivingIsCancelled(t *testing.T) {
	t.Parallel()
	for _, ended := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			ctx, end := context.WithCancel(t.Context())
			defer end()
			start := time.Now()
			limited, cancel := someLimits.outliving(ctx, time.Hour)
			if ended {
				end()
			}
			cancel()
			cancel()
			if !errors.Is(limited.Err(), context.Canceled) || time.Since(start) != 0 {
				t.Errorf("%v after %v", limited.Err(), time.Since(start))
			}
		})
	}
}

// Recording goes on until it succeeds, or until the time is over; each attempt is bounded.
func TestInsist(t *testing.T) {
	t.Parallel()
	errAway := errors.New("the database is away")
	for name, tt := range map[string]struct {
		away, stalled time.Duration // for how long attempts fail at once, or hang
		end           time.Duration // of the context; 0: never
		min, max      time.Duration
		err           error
	}{
		"at once":                {0, 0, 0, 0, 0, nil},
		"after an outage":        {time.Minute, 0, 0, time.Minute, time.Minute + 2*time.Second, nil},
		"after a stall":          {0, time.Minute, 0, time.Minute, time.Minute + 3*time.Second, nil},
		"never":                  {10 * time.Hour, 0, 0, time.Hour, time.Hour, errAway},
		"not before it must end": {10 * time.Hour, 0, time.Second, time.Second + time.Minute, time.Second + time.Minute, errAway},
		"while it must end":      {30 * time.Second, 0, time.Second, 30 * time.Second, 32 * time.Second, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, end := context.WithCancel(t.Context())
				defer end()
				if tt.end > 0 {
					time.AfterFunc(tt.end, end)
				}
				start := time.Now()
				err := someLimits.insist(ctx, func(ctx context.Context) error {
					switch passed := time.Since(start); {
					case passed < tt.away:
						return errAway
					case passed < tt.stalled:
						<-ctx.Done()
						return ctx.Err()
					}
					return nil
				})
				if took := time.Since(start); took < tt.min || took > tt.max || !errors.Is(err, tt.err) {
					t.Errorf("%v after %v", err, took)
				}
			})
		})
	}
}

// The pause grows with each refusal in a row, up to a bound, and obeys what the service asks for.
func TestPause(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var p pause
		if p.left() != 0 {
			t.Errorf("%v at first", p.left())
		}
		for i, least := range []time.Duration{1, 2, 4, 8, 15, 15, 15} {
			least *= time.Second
			if wait := p.extend(0); wait < least || wait > least*5/4+1 || p.left() != wait {
				t.Errorf("refusal %d: %v, left %v", i+1, wait, p.left())
			}
			time.Sleep(p.left())
		}
		p.extend(time.Hour)
		if p.extend(0); p.left() != time.Hour {
			t.Errorf("a shorter pause has replaced a longer one: %v", p.left())
		}
		if p.reset(); p.left() != 0 || p.extend(0) > 2*time.Second {
			t.Errorf("after a success: %v", p.left())
		}
	})
}
