// Package nested is for tests that build and run programs of their own.
package nested

import (
	"os"
	"testing"
)

// Need skips tb unless tests that take minutes are wanted: with SLOW_TESTS=1 in the
// environment, which make test-more and CI set. With the race detector they find nothing:
// it does not see what other programs do.
func Need(tb testing.TB) {
	tb.Helper()
	if reason := skipped(os.Getenv("SLOW_TESTS"), Race); reason != "" {
		tb.Skip(reason)
	}
}

// Slow reports whether [Need] lets a test run.
func Slow() bool { return skipped(os.Getenv("SLOW_TESTS"), Race) == "" }

// skipped returns the reason, or nothing.
func skipped(slow string, race bool) string {
	switch {
	case slow == "":
		return "it builds programs, which takes minutes: set SLOW_TESTS=1, as make test-more does"
	case race:
		return "it builds programs, which the race detector does not see: run it without -race"
	}
	return ""
}

// WithoutRace skips tb under the race detector, which finds nothing in a test of cost, and
// makes it take ten times as long. make test-more runs such tests without it.
func WithoutRace(tb testing.TB) {
	tb.Helper()
	if Race {
		tb.Skip("it takes ten times as long with -race, which finds nothing in it: run it without")
	}
}
