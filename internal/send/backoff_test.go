package send

import (
	"context"
	"math"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 30, 12, 0, 0, 0, time.UTC)
	tests := map[string]time.Duration{
		"":                               0,
		"0":                              0,
		"7":                              7 * time.Second,
		" 7 ":                            7 * time.Second,
		"007":                            7 * time.Second,
		"-1":                             0,
		"1.5":                            0,
		"7s":                             0,
		"+7":                             0,
		"0x10":                           0,
		"9223372036":                     9223372036 * time.Second,
		"9223372037":                     math.MaxInt64,
		"9223372036854775808":            math.MaxInt64,
		strings.Repeat("9", 400):         math.MaxInt64,
		"Fri, 30 Jan 2026 12:00:05 GMT":  5 * time.Second,
		"Friday, 30-Jan-26 12:00:05 GMT": 5 * time.Second,
		"Fri Jan 30 12:00:05 2026":       5 * time.Second,
		"Fri, 30 Jan 2026 11:59:59 GMT":  0,
		"Fri, 31 Dec 9999 23:59:59 GMT":  math.MaxInt64,
		"2026-01-30T12:00:05Z":           0,
	}
	for value, want := range tests {
		if got := RetryAfter(http.Header{"Retry-After": {value}}, now); got != want {
			t.Errorf("%q: %v, want %v", value, got, want)
		}
	}
}

// The service's clock may be off: what counts is the time between its two dates.
func TestRetryAfterIsCountedFromTheResponsesDate(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 30, 12, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		date, after string
		want        time.Duration
	}{
		{"Fri, 30 Jan 2026 13:00:00 GMT", "Fri, 30 Jan 2026 13:00:05 GMT", 5 * time.Second},
		{"Fri, 30 Jan 2026 11:00:00 GMT", "Fri, 30 Jan 2026 11:00:05 GMT", 5 * time.Second},
		{"Fri, 30 Jan 2026 13:00:00 GMT", "Fri, 30 Jan 2026 12:59:59 GMT", 0},
		{"Fri, 30 Jan 2026 13:00:00 GMT", "7", 7 * time.Second},
		{"yesterday", "Fri, 30 Jan 2026 12:00:05 GMT", 5 * time.Second},
		{"", "Fri, 30 Jan 2026 12:00:05 GMT", 5 * time.Second},
	} {
		header := http.Header{"Retry-After": {tt.after}, "Date": {tt.date}}
		if got := RetryAfter(header, now); got != tt.want {
			t.Errorf("%v: %v, want %v", header, got, tt.want)
		}
	}
}

func TestWaitsAreJitteredAndBounded(t *testing.T) {
	t.Parallel()
	p := Policy{MaxAttempts: 3, Backoff: 500 * time.Millisecond, MaxRetryAfter: 30 * time.Second}
	long := Policy{Backoff: time.Minute, MaxRetryAfter: 2 * time.Minute}
	short := Policy{Backoff: 500 * time.Millisecond, MaxRetryAfter: time.Second}
	endless := Policy{Backoff: math.MaxInt64, MaxRetryAfter: math.MaxInt64}
	tests := []struct {
		policy   Policy
		attempts int
		bound    time.Duration
	}{
		{p, 1, 500 * time.Millisecond}, {p, 2, time.Second}, {p, 5, maxBackoff}, {p, 6, maxBackoff}, {p, math.MaxInt, maxBackoff},
		{long, 1, time.Minute}, {long, 9, time.Minute}, {short, 9, time.Second}, {endless, 2, math.MaxInt64}, {Policy{}, 1, 1},
	}
	for _, tt := range tests {
		var longest time.Duration
		for range 1000 {
			w := tt.policy.Wait(tt.attempts)
			if w < 0 || w > tt.bound {
				t.Fatalf("attempt %d: %v is over %v", tt.attempts, w, tt.bound)
			}
			longest = max(longest, w)
		}
		if longest < tt.bound/2 {
			t.Errorf("attempt %d: 1000 waits up to %v only, of %v", tt.attempts, longest, tt.bound)
		}
	}
}

func TestSleepEndsWithTheContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		if !Sleep(t.Context(), time.Hour) || time.Since(start) != time.Hour {
			t.Errorf("slept %v", time.Since(start))
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		start = time.Now()
		if Sleep(ctx, time.Hour) || time.Since(start) != time.Minute {
			t.Errorf("slept %v of a context of a minute", time.Since(start))
		}
	})
}
