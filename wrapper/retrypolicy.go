package wrapper

import (
	"errors"
	"math/rand/v2"
	"time"
)

// RetryPolicy says how often and after which waits a request is sent again. A
// field that is zero stands for its default.
type RetryPolicy struct {
	// MaxAttempts is how often a request is sent at the most; 1 switches
	// retries off. Default: [DefaultMaxAttempts].
	MaxAttempts int
	// MinWait is the upper bound of the random wait before the second attempt.
	// It doubles with each further one, up to [MaxBackoff]. Default: [DefaultMinWait].
	MinWait time.Duration
	// MaxWait is the longest wait. A Retry-After that asks for more ends the
	// retries with the error at once. Default: [DefaultMaxWait].
	MaxWait time.Duration
}

func (p RetryPolicy) withDefaults() (RetryPolicy, error) {
	if p.MaxAttempts < 0 || p.MinWait < 0 || p.MaxWait < 0 {
		return p, errors.New("a field is negative")
	}
	if p.MaxAttempts == 0 {
		p.MaxAttempts = DefaultMaxAttempts
	}
	if p.MaxWait == 0 {
		p.MaxWait = max(DefaultMaxWait, p.MinWait)
	}
	if p.MinWait == 0 {
		p.MinWait = min(DefaultMinWait, p.MaxWait)
	}
	if p.MinWait > p.MaxWait {
		return p, errors.New("MinWait is longer than MaxWait")
	}
	return p, nil
}

// wait returns how long to wait after so many attempts. Full jitter keeps
// clients that failed together from coming back together.
func (p RetryPolicy) wait(attempts int) time.Duration {
	bound := p.MinWait
	for range attempts - 1 {
		if bound >= MaxBackoff {
			break
		}
		bound = min(2*bound, MaxBackoff)
	}
	return rand.N(min(bound, p.MaxWait)) + 1 //nolint:gosec // nobody gains by guessing it
}
