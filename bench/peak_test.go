package bench

import (
	"runtime"
	"testing"
	"time"
)

const block = 64 << 20

func TestPeakHeapSeesWhatIsGoneAgain(t *testing.T) {
	idle := peakHeap(func() {})
	busy := peakHeap(func() {
		data := make([]byte, block)
		time.Sleep(10 * time.Millisecond) // several looks
		runtime.KeepAlive(data)
		runtime.GC()
	})
	if idle > block/2 || busy < block {
		t.Errorf("peak %d with a block of %d, %d without", busy, block, idle)
	}
}

func TestPeakHeapStartsFromACollectedHeap(t *testing.T) {
	runtime.KeepAlive(make([]byte, block))
	if peak := peakHeap(func() {}); peak > block/2 {
		t.Errorf("peak %d, though the block of %d was garbage", peak, block)
	}
}
