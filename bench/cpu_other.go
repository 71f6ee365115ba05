//go:build !unix

package bench

import "time"

var begin = time.Now()

// cpuTime is the time on a clock, where nothing better is at hand.
func cpuTime() time.Duration { return time.Since(begin) }
