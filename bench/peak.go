package bench

import (
	"runtime"
	"runtime/metrics"
	"sync"
	"time"
)

// peakHeap returns the largest heap in bytes, live objects and those not yet
// swept, that was seen while f ran. It looks every two milliseconds, and starts
// from a collected heap.
func peakHeap(f func()) uint64 {
	runtime.GC()
	var peak uint64
	var wg sync.WaitGroup
	done := make(chan struct{})
	wg.Go(func() {
		tick := time.NewTicker(2 * time.Millisecond)
		defer tick.Stop()
		for {
			peak = max(peak, heapBytes())
			select {
			case <-tick.C:
			case <-done:
				peak = max(peak, heapBytes())
				return
			}
		}
	})
	f()
	close(done)
	wg.Wait()
	return peak
}

func heapBytes() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
