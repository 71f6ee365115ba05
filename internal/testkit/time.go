package testkit

import (
	"iter"
	"time"
)

// HangLimit is longer than any operation of a test takes, on any machine and
// under any load: what takes longer would never end.
const HangLimit = 5 * time.Minute

// Timeouts yields longer and longer timeouts, for tests in which a timeout must
// pass at one moment and not before, and reports whether each is the last. Such
// a test goes on to the next timeout if this one passed too early, which says
// nothing about the code but that the machine is busy.
func Timeouts() iter.Seq2[time.Duration, bool] {
	return func(yield func(time.Duration, bool) bool) {
		const first, last = 50 * time.Millisecond, 51200 * time.Millisecond
		for d := first; d <= last; d *= 4 {
			if !yield(d, d == last) {
				return
			}
		}
	}
}
