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

// EffectOf returns the effect of an HTTP method, by RFC 9110, section 9.2.
func EffectOf(method string) Effect {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace:
		return None
	case http.MethodPut, http.MethodDelete:
		return Once
	}
	return EachTime
}

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

// OutcomeOf returns what a response with this status says of a request with the
// effect e when it is not a success. A 4xx is a refusal; a 5xx may come after the
// work was done, and so may a 2xx that nobody can read.
//
// Where a repetition would only cost time, each 4xx and a 503 are taken at their
// word. Where it would cost another charge only those of [refusesUnseen] are, and no 503:
// gateways send it after they have passed the request on. A redirect is then in doubt as
// well, unless it asks for the same request at another address: 302 and 303 point to a result.
func (e Effect) OutcomeOf(status int) Outcome {
	switch {
	case e == EachTime && status >= 300 && status < 400:
		return e.afterRedirect(status)
	case e == EachTime && status >= 400 && status < 500 && !refusesUnseen(status):
		return Unknown
	case status >= 300 && status < 500, e != EachTime && status == http.StatusServiceUnavailable:
		return NotActed
	}
	return e.outcome(Unknown)
}

// refusesUnseen reports whether a 4xx says, by HTTP, that the request was refused for what it
// is or for who sent it, before any work on it:
//
//	400 411 413 414 415 417 422 431   its form, its size or its content
//	401 402 403 407 428 429 451       the key, the account, the rate, a law
//	404 405 410 412 416 421 426       nothing at this address takes it, or not on these terms
//
// All others may follow work that was begun or passed on, by this request or by another one
// for the same purpose:
//
//	406             some frameworks run the handler before they find no form for its result
//	408 444 499     a server or a gateway that gave up, or whose client was gone
//	409 423         the work was done, or is under way, already
//	424             another part of the work failed
//	425             too early, and possibly passed on
//	460 463         load balancers, after the client was gone
//	unassigned      nobody knows
func refusesUnseen(status int) bool {
	switch status {
	case http.StatusBadRequest, http.StatusLengthRequired, http.StatusRequestEntityTooLarge, http.StatusRequestURITooLong,
		http.StatusUnsupportedMediaType, http.StatusExpectationFailed, http.StatusUnprocessableEntity, http.StatusRequestHeaderFieldsTooLarge,
		http.StatusUnauthorized, http.StatusPaymentRequired, http.StatusForbidden, http.StatusProxyAuthRequired,
		http.StatusPreconditionRequired, http.StatusTooManyRequests, http.StatusUnavailableForLegalReasons,
		http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusGone, http.StatusPreconditionFailed,
		http.StatusRequestedRangeNotSatisfiable, http.StatusMisdirectedRequest, http.StatusUpgradeRequired:
		return true
	}
	return false
}

// IsByGateway reports whether the status is one that gateways send for requests that
// they may have passed on.
func IsByGateway(status int) bool {
	switch status {
	case http.StatusRequestTimeout, statusClientClosed, http.StatusServiceUnavailable, http.StatusFound, http.StatusSeeOther:
		return true
	}
	return false
}

// statusClientClosed is what nginx and others make of a client that is gone.
const statusClientClosed = 499

func (e Effect) afterRedirect(status int) Outcome {
	switch status {
	case http.StatusMovedPermanently, http.StatusUseProxy, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
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
