package durable

import (
	"context"
	"sync"
	"time"
)

// limits are how long an outcome is tried to be recorded.
type limits struct {
	record time.Duration // while the process runs
	grace  time.Duration // after it was told to stop; also for the response of a submission
	try    time.Duration // of each attempt
}

var defaultLimits = limits{record: 10 * time.Minute, grace: 30 * time.Second, try: 15 * time.Second}

// insist repeats record, which may be interrupted, until it succeeds or the time is over. It goes on
// for a while after the end of ctx.
func (l limits) insist(ctx context.Context, record func(ctx context.Context) error) error {
	limited, cancel := l.outliving(ctx, l.record)
	defer cancel()
	for wait := 50 * time.Millisecond; ; wait = min(2*wait, 2*time.Second) {
		try, done := context.WithTimeout(limited, l.try)
		err := record(try)
		done()
		if err == nil {
			return nil
		}
		if !sleep(limited, wait) {
			return err
		}
	}
}

// change is insist for a change of a row, and reports whether the row was changed. A try that seemed to
// fail may have done it.
func (l limits) change(ctx context.Context, record func(ctx context.Context) (bool, error)) (changed bool, err error) {
	err = l.insist(ctx, func(ctx context.Context) error {
		done, err := record(ctx)
		changed = changed || done || err != nil
		return err
	})
	return changed, err
}

// outliving returns a context that ends after timeout, or a grace after the end of ctx.
func (l limits) outliving(ctx context.Context, timeout time.Duration) (context.Context, context.CancelFunc) {
	limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), timeout)
	ended := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(ended)
		if sleep(limited, l.grace) {
			cancel()
		}
	})
	return limited, sync.OnceFunc(func() {
		cancel()
		if !stop() {
			<-ended
		}
	})
}

// sleep reports whether the time passed before the end of ctx.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
