package bench

import (
	"context"
	"errors"
	"iter"
	"sync"
	"sync/atomic"
)

// purger deletes all ids of a sequence, in batches, and returns how many the
// service confirmed.
type purger func(ctx context.Context, ids iter.Seq[string]) (confirmed int, err error)

// poolOf is the worker pool that one would write by hand around a call: it
// counts, and stops nothing, repeats nothing and remembers no id that failed.
func poolOf(call func(context.Context, []string) error, batchSize, workers int) purger {
	return func(ctx context.Context, ids iter.Seq[string]) (int, error) {
		var confirmed atomic.Int64
		var failed errorList
		var wg sync.WaitGroup
		batches := make(chan []string)
		for range workers {
			wg.Go(func() {
				for batch := range batches {
					if err := call(ctx, batch); err != nil {
						failed.add(err)
						continue
					}
					confirmed.Add(int64(len(batch)))
				}
			})
		}
		for batch := range inBatches(ids, batchSize) {
			batches <- batch
		}
		close(batches)
		wg.Wait()
		return int(confirmed.Load()), failed.joined()
	}
}

// inBatches yields slices of size ids, and a last one of what is left.
func inBatches(ids iter.Seq[string], size int) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		batch := make([]string, 0, size)
		for id := range ids {
			if batch = append(batch, id); len(batch) < size {
				continue
			}
			if !yield(batch) {
				return
			}
			batch = make([]string, 0, size)
		}
		if len(batch) > 0 {
			yield(batch)
		}
	}
}

// maxErrors bounds what an errorList keeps.
const maxErrors = 10

type errorList struct {
	mu   sync.Mutex
	errs []error
}

func (l *errorList) add(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.errs) < maxErrors {
		l.errs = append(l.errs, err)
	}
}

func (l *errorList) joined() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return errors.Join(l.errs...)
}
