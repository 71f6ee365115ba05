// Package nested is for tests that build and run programs of their own.
package nested

import "testing"

// Need skips tb where such a test takes time and finds nothing: with -short, and with the
// race detector, which does not see what other programs do. make test-more
// runs these tests, and CI does.
func Need(tb testing.TB) {
	tb.Helper()
	if reason := skipped(testing.Short(), Race); reason != "" {
		tb.Skip(reason)
	}
}

// skipped returns the reason, or nothing.
func skipped(short, race bool) string {
	switch {
	case short:
		return "it builds programs: run it without -short"
	case race:
		return "it builds programs, which the race detector does not see: run it without -race"
	}
	return ""
}
