package send

import (
	"testing"
	"time"
)

func TestPolicyDefaults(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		in   Policy
		want Policy
		ok   bool
	}{
		{"zero", Policy{}, Policy{3, 500 * time.Millisecond, 30 * time.Second, false}, true},
		{"all set", Policy{5, time.Second, time.Minute, true}, Policy{5, time.Second, time.Minute, true}, true},
		{"off", Policy{MaxAttempts: 1}, Policy{1, 500 * time.Millisecond, 30 * time.Second, false}, true},
		{"a long Backoff alone", Policy{Backoff: time.Minute}, Policy{3, time.Minute, time.Minute, false}, true},
		{"a short MaxRetryAfter alone", Policy{MaxRetryAfter: time.Millisecond}, Policy{3, time.Millisecond, time.Millisecond, false}, true},
		{"Backoff over MaxRetryAfter", Policy{Backoff: 2, MaxRetryAfter: 1}, Policy{}, false},
		{"negative attempts", Policy{MaxAttempts: -1}, Policy{}, false},
		{"negative Backoff", Policy{Backoff: -1}, Policy{}, false},
		{"negative MaxRetryAfter", Policy{MaxRetryAfter: -1}, Policy{}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := tt.in.WithDefaults(Policy{3, 500 * time.Millisecond, 30 * time.Second, false})
			if (err == nil) != tt.ok || tt.ok && got != tt.want {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
}
