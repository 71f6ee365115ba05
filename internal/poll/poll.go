// Package poll repeats a query until it says that there is nothing more to wait
// for, at intervals that grow.
package poll

import (
	"cmp"
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"time"

	"github.com/tensorslab/tensorslab-go/internal/send"
)

// Options say how to wait. All durations are positive.
type Options struct {
	Interval    time.Duration // before the second query; it grows by half with each further one
	MaxInterval time.Duration // caps the growth
	Timeout     time.Duration // bounds the whole wait, as a deadline of the context does
	TimeoutErr  error         // the cause of an end by Timeout
	// Since, unless it is zero, is when began what the queries wait for. Then the
	// waits follow its age and do not grow by half; see [Options.next].
	Since time.Time
}

// WithDefaults returns o with d's values in place of zeros, kept consistent with
// what is set. It refuses negative values, and an Interval over MaxInterval.
func (o Options) WithDefaults(d Options) (Options, error) {
	if o.Interval < 0 || o.MaxInterval < 0 || o.Timeout < 0 {
		return o, errors.New("a field is negative")
	}
	if o.Interval == 0 {
		o.Interval = min(d.Interval, cmp.Or(o.MaxInterval, d.Interval))
	}
	o.MaxInterval = cmp.Or(o.MaxInterval, max(d.MaxInterval, o.Interval))
	if o.Interval > o.MaxInterval {
		return o, errors.New("the Interval is longer than the MaxInterval")
	}
	o.Timeout = cmp.Or(o.Timeout, d.Timeout)
	return o, nil
}

// next returns the interval that follows interval, which is 0 at first. With
// Since it is Interval up to an age of 4 Intervals, and then a twelfth of the age:
// an end is noticed after a twenty-fourth of the whole time on average.
func (o *Options) next(interval time.Duration) time.Duration {
	longest := min(o.MaxInterval, maxInterval)
	switch age := o.age(); {
	case !o.Since.IsZero() && age/4 >= o.Interval:
		return min(age/12, longest)
	case o.Since.IsZero() && interval > 0:
		return min(interval+interval/2, longest)
	}
	return min(o.Interval, maxInterval)
}

// age is 0 if the clock was set back.
func (o *Options) age() time.Duration { return max(time.Since(o.Since), 0) }

// maxInterval keeps growth and jitter from overflowing; it is 146 years.
const maxInterval = time.Duration(math.MaxInt64 / 2)

// maxLastQuery is how long before the end, at most, the last query is made.
const maxLastQuery = 2 * time.Second

// Until calls query until it reports that it is done, and returns nil then. A
// query may ask for a wait longer than the interval with retryAfter. If ctx ends or
// Timeout passes before, the error wraps the context's error and its cause, which
// is TimeoutErr for Timeout.
//
// All waits are shifted at random by up to a fifth. A wait that would outlast the
// end, even one that a query asked for, is shortened once, so that the last query
// is made shortly before the end.
func Until(ctx context.Context, o Options, query func(context.Context) (done bool, retryAfter time.Duration)) error {
	limited, cancel := context.WithTimeoutCause(ctx, o.Timeout, o.TimeoutErr)
	defer cancel()
	s := &schedule{start: time.Now()}
	s.end, _ = limited.Deadline()
	if young := o.Interval - o.age(); !o.Since.IsZero() && young > 0 && !send.Sleep(limited, s.pause(young, 0)) {
		return send.Ended(limited.Err(), context.Cause(limited))
	}
	for interval := time.Duration(0); ; {
		done, retryAfter := query(limited)
		interval = o.next(interval)
		switch {
		case done:
			return nil
		case limited.Err() != nil:
			return send.Ended(limited.Err(), context.Cause(limited))
		case !send.Sleep(limited, s.pause(interval, retryAfter)):
			return send.Ended(limited.Err(), context.Cause(limited))
		}
	}
}

// schedule spaces the queries of one wait.
type schedule struct {
	start, end time.Time
	last       bool // the last query before the end has been scheduled
}

// pause returns how long to wait before the next query. A retryAfter that leaves
// time for a query before the end is obeyed to the letter.
func (s *schedule) pause(interval, retryAfter time.Duration) time.Duration {
	pause, left := max(jittered(interval), retryAfter), time.Until(s.end)
	last := left - min(s.end.Sub(s.start)/10, maxLastQuery)
	if !s.last && last > 0 && last <= pause && (last >= retryAfter || left <= retryAfter) {
		s.last, pause = true, last
	}
	return pause
}

func jittered(d time.Duration) time.Duration {
	return d - d/5 + rand.N(d/5*2+1) //nolint:gosec // nobody gains by guessing it
}
