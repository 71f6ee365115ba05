// Package nested is for tests that build and run programs of their own.
package nested

import "testing"

// Need skips tb where such a test would only take time: with -short, and with the
// race detector, which sees nothing of what other programs do. make test runs
// these tests a second time, without it.
func Need(tb testing.TB) {
	tb.Helper()
	if reason := skipped(testing.Short(), race); reason != "" {
		tb.Skip(reason)
	}
}

// skipped says why, or nothing.
func skipped(short, race bool) string {
	switch {
	case short:
		return "it builds programs: run it without -short"
	case race:
		return "it builds programs, of which the race detector sees nothing: run it without -race"
	}
	return ""
}
