package wrapper

import (
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
		{"zero", RetryPolicy{}, RetryPolicy{3, 500 * time.Millisecond, 30 * time.Second, false}, true},
		{"all set", RetryPolicy{5, time.Second, time.Minute, true}, RetryPolicy{5, time.Second, time.Minute, true}, true},
		{"off", RetryPolicy{MaxAttempts: 1}, RetryPolicy{1, 500 * time.Millisecond, 30 * time.Second, false}, true},
		{"a long Backoff alone", RetryPolicy{Backoff: time.Minute}, RetryPolicy{3, time.Minute, time.Minute, false}, true},
		{"a short MaxRetryAfter alone", RetryPolicy{MaxRetryAfter: time.Millisecond}, RetryPolicy{3, time.Millisecond, time.Millisecond, false}, true},
		{"Backoff over MaxRetryAfter", RetryPolicy{Backoff: 2, MaxRetryAfter: 1}, RetryPolicy{}, false},
		{"negative attempts", RetryPolicy{MaxAttempts: -1}, RetryPolicy{}, false},
		{"negative Backoff", RetryPolicy{Backoff: -1}, RetryPolicy{}, false},
		{"negative MaxRetryAfter", RetryPolicy{MaxRetryAfter: -1}, RetryPolicy{}, false},
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
