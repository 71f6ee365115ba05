package send

import "net/http"

// Effect is what carrying out a request does to the state of the service.
type Effect uint8

// The effects, from the one that makes a repetition dangerous to none.
const (
	EachTime Effect = iota // another effect each time, such as a charge
	Once                   // the same state, however many times it is carried out
	None                   // no effect, so its outcome is never in doubt
)

// Outcome is what is known of a request's effect when it did not succeed.
type Outcome uint8

// The outcomes.
const (
	NotActed Outcome = iota // the service responded, and did not act
	NotSent                 // the service received nothing, so it did not act
	Unknown                 // the service may have acted
)

// String returns the outcome's name in logs.
func (o Outcome) String() string {
	switch o {
	case NotActed:
		return "not_acted"
	case NotSent:
		return "not_sent"
	}
	return "unknown"
}

// OutcomeOf returns what a response with this status says when it is not a
// success. A 503 is a plain refusal; any other 5xx may come after the work was
// done, and so may a 2xx that nobody can read.
func OutcomeOf(status int) Outcome {
	if status >= 300 && status < 500 || status == http.StatusServiceUnavailable {
		return NotActed
	}
	return Unknown
}

// outcome is o, unless the request changes nothing at the service.
func (e Effect) outcome(o Outcome) Outcome {
	if e == None && o == Unknown {
		return NotActed
	}
	return o
}
