package durable

import (
	"math/rand/v2"
	"sync"
	"time"
)

const (
	// maxBackoff caps the waits after responses that the service has no place, or was not reached.
	maxBackoff = 15 * time.Second
	// refusedPause is the wait after the service has rejected the key, or had no credits left.
	refusedPause = time.Minute
)

// pause keeps the jobs of a process from being submitted one after the other while the service
// takes none. The zero value is ready for use.
type pause struct {
	mu    sync.Mutex
	until time.Time
	times int // in a row
}

// left returns how long nothing is to be submitted.
func (p *pause) left() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return max(time.Until(p.until), 0)
}

// extend lets the next submission wait for at least the given time, and longer each time in
// a row. It returns how long.
func (p *pause) extend(atLeast time.Duration) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	wait := min(time.Second<<min(p.times, 10), maxBackoff)
	wait = max(wait+rand.N(wait/4+1), atLeast)
	p.times++
	if until := time.Now().Add(wait); until.After(p.until) {
		p.until = until
	}
	return wait
}

// reset is called when the service has taken a job.
func (p *pause) reset() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.until, p.times = time.Time{}, 0
}
