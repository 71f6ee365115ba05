package wrapper

import (
	"math"
	"testing"
	"time"
)

func TestRetryPolicyDefaults(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		in   RetryPolicy
		want RetryPolicy
		ok   bool
	}{
		{"zero", RetryPolicy{}, RetryPolicy{3, 500 * time.Millisecond, 30 * time.Second}, true},
		{"all set", RetryPolicy{5, time.Second, time.Minute}, RetryPolicy{5, time.Second, time.Minute}, true},
		{"off", RetryPolicy{MaxAttempts: 1}, RetryPolicy{1, 500 * time.Millisecond, 30 * time.Second}, true},
		{"a long MinWait alone", RetryPolicy{MinWait: time.Minute}, RetryPolicy{3, time.Minute, time.Minute}, true},
		{"a short MaxWait alone", RetryPolicy{MaxWait: time.Millisecond}, RetryPolicy{3, time.Millisecond, time.Millisecond}, true},
		{"MinWait over MaxWait", RetryPolicy{MinWait: 2, MaxWait: 1}, RetryPolicy{}, false},
		{"negative attempts", RetryPolicy{MaxAttempts: -1}, RetryPolicy{}, false},
		{"negative MinWait", RetryPolicy{MinWait: -1}, RetryPolicy{}, false},
		{"negative MaxWait", RetryPolicy{MaxWait: -1}, RetryPolicy{}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := tt.in.withDefaults()
			if (err == nil) != tt.ok || tt.ok && got != tt.want {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
}

func TestWaitsAreJitteredAndBounded(t *testing.T) {
	t.Parallel()
	p, _ := RetryPolicy{}.withDefaults()
	long, _ := RetryPolicy{MinWait: time.Minute, MaxWait: 2 * time.Minute}.withDefaults()
	short, _ := RetryPolicy{MaxWait: time.Second}.withDefaults()
	endless, _ := RetryPolicy{MinWait: math.MaxInt64}.withDefaults()
	tests := []struct {
		policy   RetryPolicy
		attempts int
		bound    time.Duration
	}{
		{p, 1, 500 * time.Millisecond}, {p, 2, time.Second}, {p, 5, 8 * time.Second}, {p, 6, MaxBackoff}, {p, math.MaxInt, MaxBackoff},
		{long, 1, time.Minute}, {long, 9, time.Minute}, {short, 9, time.Second}, {endless, 2, math.MaxInt64},
	}
	for _, tt := range tests {
		var longest time.Duration
		for range 1000 {
			w := tt.policy.wait(tt.attempts)
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
