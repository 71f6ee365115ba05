package testkit

import (
	"os"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"strings"
	"testing"
	"time"
)

// Zeros is a reader of zero bytes without end.
type Zeros struct{}

// Read fills p with zeros.
func (Zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// heapBytes is the memory that objects take, unreachable ones included.
func heapBytes() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// HeapGrowth runs do and returns by how many bytes the heap of the whole
// process grew, at most, while it ran. Tests that use it are not parallel.
func HeapGrowth(do func()) uint64 {
	runtime.GC()
	before, peak := heapBytes(), uint64(0)
	done, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		tick := time.NewTicker(time.Millisecond)
		defer tick.Stop()
		for {
			peak = max(peak, heapBytes())
			select {
			case <-done:
				return
			case <-tick.C:
			}
		}
	}()
	do()
	close(done)
	<-stopped
	peak = max(peak, heapBytes())
	return peak - min(peak, before)
}

// OpenTempFiles returns how many files below [os.TempDir] with part in their
// path this process has open. It skips the test where there is no /proc.
func OpenTempFiles(tb testing.TB, part string) (n int) {
	tb.Helper()
	links, err := filepath.Glob("/proc/self/fd/*")
	if err != nil || len(links) == 0 {
		tb.Skip("there is no /proc")
	}
	for _, link := range links {
		if target, _ := os.Readlink(link); strings.HasPrefix(target, os.TempDir()) && strings.Contains(target, part) {
			n++
		}
	}
	return n
}
