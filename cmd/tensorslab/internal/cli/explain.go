package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"strings"

	"github.com/tensorslab/tensorslab-go/internal/subject"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// meanings are what the sentinels say about a response that is not a success. The first
// that matches counts.
var meanings = []struct {
	sentinel     error
	what, advice string
}{
	{wrapper.ErrRedirected, "the service responded with a redirect, which is never followed", "check the base URL"},
	{wrapper.ErrRateLimited, "too many requests", "wait before you try again"},
	{wrapper.ErrInsufficientCredits, "not enough credits", AddCredits},
	{wrapper.ErrDeleteFailed, "the service reports that the deletion failed", "check the ids"},
	{wrapper.ErrServer, "the service, or a gateway in front of it, failed", "try again later"},
}

func (a Advisor) explainAPI(err *wrapper.APIError) explanation {
	prefix := fmt.Sprintf("HTTP %d", err.HTTPStatus)
	if err.Code != 0 {
		prefix += fmt.Sprintf(", code %d", err.Code)
	}
	if err.Message != "" {
		prefix += " " + Quote(err.Message)
	}
	what, advice := a.meaningOf(err)
	return explanation{what: prefix + ": " + what, advice: advice}
}

func (a Advisor) meaningOf(err *wrapper.APIError) (what, advice string) {
	switch {
	case errors.Is(err, wrapper.ErrUnauthorized):
		return "the service rejected the key", a.KeyAdvice()
	case err.HTTPStatus == http.StatusForbidden: // and it does not match ErrUnauthorized
		return "a gateway or firewall rejected the request with an HTML page, which says nothing about the key", "try again later, or from another network"
	case err.HTTPStatus == http.StatusNotFound && err.Code == 0:
		return "nothing is served at this address", "check the base URL"
	case errors.Is(err, wrapper.ErrNotFound) && repeatable[err.Operation]:
		return "no such task", "check the id"
	case errors.Is(err, wrapper.ErrRateLimited) && err.RetryAfter > 0:
		return "too many requests", fmt.Sprintf("wait %v", err.RetryAfter)
	}
	for _, m := range meanings {
		if errors.Is(err, m.sentinel) {
			return m.what, m.advice
		}
	}
	if subject.IsKey(err.Code, err.Message) {
		return "this seems to be about the key (" + a.KeyAdvice() + ")", "" // also if the outcome is unknown
	}
	if errors.Is(err, wrapper.ErrOutcomeUnknown) || isByGateway(err.HTTPStatus) {
		return unclear(err)
	}
	if err.Operation == deletion { // which has nothing else to correct
		return "the service rejected the request", "check the ids"
	}
	return "the service rejected the request", "correct the request"
}

// isByGateway reports whether gateways send a status for requests that they may have
// passed on. The library words its errors by the same statuses.
func isByGateway(status int) bool {
	switch status {
	case http.StatusRequestTimeout, 499, http.StatusServiceUnavailable, http.StatusFound, http.StatusSeeOther:
		return true
	}
	return false
}

// unclear words a response that does not say whether the service has acted, and that none
// of the meanings fits.
func unclear(err *wrapper.APIError) (what, advice string) {
	switch {
	case err.HTTPStatus >= 200 && err.HTTPStatus <= 299, err.Code == wrapper.CodeSuccess:
		return "the contract does not say what this code means with this status", "report it to the service"
	case err.HTTPStatus >= 400 && err.HTTPStatus <= 499:
		return "the service, or a gateway in front of it, gave up the request", "try again later"
	}
	return "the server sent an invalid HTTP status", "try again later"
}

func explainContract(err *wrapper.ContractError) explanation {
	if errors.Is(err, wrapper.ErrResponseTooLarge) {
		return explanation{what: fmt.Sprintf("HTTP %d: the response is larger than the limit", err.HTTPStatus)}
	}
	const most = 3
	var found []string
	for _, v := range err.Violations[:min(len(err.Violations), most)] {
		found = append(found, v.String())
	}
	if more := len(err.Violations) - most; more > 0 {
		found = append(found, fmt.Sprintf("and %d more", more))
	}
	return explanation{
		what:   fmt.Sprintf("HTTP %d: the response violates the contract (%s)", err.HTTPStatus, strings.Join(found, ", ")),
		advice: "report it to the service",
	}
}

func explainTransport(err *wrapper.TransportError) explanation {
	switch {
	case err.Timeout():
		return explanation{what: "no response within the time limit", advice: "try again, with a longer --timeout if need be"}
	case err.Err == nil:
		return explanation{what: "no response"}
	case errors.Is(err, wrapper.ErrNotSent) && isOfNetwork(err.Err):
		return explanation{what: "the service cannot be reached: " + cause(err.Err), advice: "check --base-url and the network"}
	case errors.Is(err, wrapper.ErrNotSent): // which the effect says
		return explanation{what: cause(err.Err)}
	}
	return explanation{what: "no response: " + cause(err.Err)}
}

// isOfNetwork reports whether err says that a host could not be found or reached, or that the
// connection to it broke off.
func isOfNetwork(err error) bool {
	return errors.As(err, new(*net.OpError)) || errors.As(err, new(*net.DNSError)) || errors.Is(err, io.ErrUnexpectedEOF)
}

func explainDownload(err *wrapper.DownloadError) explanation {
	what := "download from " + Quote(err.Host)
	if err.HTTPStatus != 0 {
		what += fmt.Sprintf(": HTTP %d", err.HTTPStatus)
	}
	file := (*fs.PathError)(nil)
	switch {
	case errors.As(err.Err, &file): // of this machine, whatever the host
		return explanation{what: "cannot write the image: " + cause(file.Err) + MakeRoom(file)}
	case errors.Is(err, wrapper.ErrPrivateHost):
		what += ": the address is not public"
		if _, detail, found := strings.Cut(err.Err.Error(), wrapper.ErrPrivateHost.Error()+": "); found {
			what += " (" + cause(errors.New(detail)) + ")"
		}
		return explanation{what: what, advice: "if that is intended, allow it with --allow-private"}
	case errors.Is(err, wrapper.ErrResponseTooLarge):
		return explanation{what: what + ": the image is larger than the limit"}
	case isOfNetwork(err.Err):
		return explanation{what: what + ": " + cause(err.Err), advice: "check the network, and try again"}
	case err.Err != nil:
		return explanation{what: what + ": " + cause(err.Err)}
	case errors.Is(err, wrapper.ErrServer), errors.Is(err, wrapper.ErrRateLimited):
		return explanation{what: what + ": the image is unavailable at the moment", advice: "try again later"}
	}
	return explanation{what: what + ": the image is unavailable", advice: "its address may have expired, so query the task for a new one"}
}

// Facts are the parts of an error that programs need as values.
type Facts struct {
	Code, HTTPStatus, Attempts int
	RequestID                  string
	TaskID                     string // the task that the response to a generation names all the same
}

// FactsOf returns what is known of the response behind err.
func FactsOf(err error) Facts {
	var api *wrapper.APIError
	var contract *wrapper.ContractError
	var transport *wrapper.TransportError
	switch {
	case errors.As(err, &api):
		return Facts{api.Code, api.HTTPStatus, api.Attempts, api.RequestID, api.TaskID}
	case errors.As(err, &contract):
		return Facts{0, contract.HTTPStatus, contract.Attempts, contract.RequestID, contract.TaskID}
	case errors.As(err, &transport):
		return Facts{Attempts: transport.Attempts, TaskID: transport.TaskID}
	}
	return Facts{}
}
