package wrapper

import "net/http"

// outcome says what an error means for the state of the service.
type outcome uint8

const (
	outcomeNotActed outcome = iota // the service answered, and did not act
	outcomeNotSent                 // the service certainly did not act: it got nothing
	outcomeUnknown                 // the service may have acted
)

// Is answers errors.Is for the two sentinels about the other end.
func (o outcome) Is(target error) bool {
	return target == ErrNotSent && o == outcomeNotSent ||
		target == ErrOutcomeUnknown && o == outcomeUnknown
}

// String is the outcome's name in logs.
func (o outcome) String() string {
	return [...]string{"not_acted", "not_sent", "unknown"}[o]
}

// advice is the end of an error text. What is idempotent can be repeated
// without finding out first.
func (o outcome) advice(idempotent bool) string {
	switch {
	case o == outcomeNotActed:
		return "the service did not act"
	case o == outcomeNotSent:
		return "nothing was sent"
	case idempotent:
		return "the service may have acted: repeating it is safe"
	}
	return "the service may have acted: find out before repeating it"
}

// outcomeOf says what an answer with this status means when it is no success.
// A 503 is a plain refusal; any other 5xx may come after the work was done, and
// so may a 2xx that does not hold to the contract.
func outcomeOf(status int) outcome {
	if status >= 300 && status < 500 || status == http.StatusServiceUnavailable {
		return outcomeNotActed
	}
	return outcomeUnknown
}
