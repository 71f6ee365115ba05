package wrapper

import "errors"

// Sentinels for [errors.Is]. An error matches each one that applies to it.
var (
	// ErrInvalidKey: the API key is empty or malformed (from construction).
	ErrInvalidKey = errors.New("the API key is not usable")
	// ErrInvalidOption: an option, or the base URL, is not usable (from construction).
	ErrInvalidOption = errors.New("an option is not usable")

	// ErrInvalidRequest: the request was refused here; nothing was sent.
	ErrInvalidRequest = errors.New("the request is invalid")
	// ErrInsufficientCredits: the service answered code 9000 of the contract.
	ErrInsufficientCredits = errors.New("not enough credits")
	// ErrFailure: the service answered code 9999 of the contract.
	ErrFailure = errors.New("the service failed the request")
	// ErrDeleteFailed: the service answered code 1000 and data.status "Failed".
	ErrDeleteFailed = errors.New("the service did not delete the tasks")
	// ErrUnauthorized: HTTP 401 or 403.
	ErrUnauthorized = errors.New("the service refused the key")
	// ErrNotFound: HTTP 404. From a query, there is no such task.
	ErrNotFound = errors.New("the service knows no such thing")
	// ErrRateLimited: HTTP 429.
	ErrRateLimited = errors.New("the service refuses more requests for now")
	// ErrServer: HTTP 5xx.
	ErrServer = errors.New("the service, or a gateway before it, failed")
	// ErrRedirected: HTTP 3xx. Redirects of the service are never followed; a
	// download was redirected too often, or to where it may not go.
	ErrRedirected = errors.New("the service redirected the request")
	// ErrContract: the answer does not hold to the published contract.
	ErrContract = errors.New("the answer breaks the contract")
	// ErrResponseTooLarge: the answer is larger than the limit.
	ErrResponseTooLarge = errors.New("the answer is larger than the limit")

	// ErrTaskFailed: the task ended without images (image_status 4).
	ErrTaskFailed = errors.New("the task failed")
	// ErrWaitTimeout: the task had not ended when [WaitOptions].Timeout had passed.
	ErrWaitTimeout = errors.New("the task took longer than the wait")
	// ErrPrivateHost: a download would lead to this machine or a private network.
	ErrPrivateHost = errors.New("the address is not a public one")

	// ErrNotSent: the service certainly did not act, since it got nothing.
	ErrNotSent = errors.New("nothing was sent to the service")
	// ErrOutcomeUnknown: the service may have acted, or not.
	ErrOutcomeUnknown = errors.New("the service may have acted")
)

// The codes of the envelope, from the contract's BaseResponse.
const (
	// CodeSuccess is the code of every successful answer.
	CodeSuccess = 1000
	// CodeInsufficientCredits is the code of [ErrInsufficientCredits].
	CodeInsufficientCredits = 9000
	// CodeFailure is the code of [ErrFailure].
	CodeFailure = 9999
)
