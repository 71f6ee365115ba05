package fakeapi

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/tensorslab/tensorslab-go/generated"

	"github.com/tensorslab/tensorslab-go/internal/contract"
)

type faultKind int

const (
	faultNone faultKind = iota
	faultRespond
	faultDelay
	faultDrop
	faultTruncate
)

// Fault is something that goes wrong with one request; see [Server.FailNext] and
// [ImageHost.FailNext]. The zero value is no fault: the request is handled as
// usual.
type Fault struct {
	kind     faultKind
	response response
	delay    time.Duration
	header   http.Header
	acts     bool // the request is carried out first
}

// AfterActing returns the fault for a request that is carried out first, as when a
// gateway gives up on a service that does not: the client sees the same failure,
// and the task is created or deleted, and paid for, all the same.
// DropRequest().AfterActing() is [DropAnswer], Delay(d).AfterActing() is
// [DelayAnswer]. AfterActing does not change [DropAnswer], [DelayAnswer],
// [TruncateBody] or Fault{}. A request that violates the contract is not carried out.
func (f Fault) AfterActing() Fault {
	f.acts = true
	return f
}

// WithHeader returns the fault with a header on its response, such as Location,
// Retry-After or a request id. It replaces one of the same name.
// Fault{}.WithHeader adds a header to the usual response.
func (f Fault) WithHeader(name, value string) Fault {
	f.header = f.header.Clone()
	if f.header == nil {
		f.header = make(http.Header)
	}
	f.header.Set(name, value)
	return f
}

// Respond sends a response with this HTTP status (200 to 999), media type and
// body. An empty contentType sends no Content-Type. The request is not carried
// out.
func Respond(status int, contentType, body string) Fault {
	if status < http.StatusOK || status > 999 {
		return Fault{kind: faultRespond, response: errorResponse(http.StatusInternalServerError,
			fmt.Sprintf("fakeapi: Respond cannot send status %d; use 200 to 999", status))}
	}
	return Fault{kind: faultRespond, response: response{status: status, contentType: contentType, body: []byte(body)}}
}

// BusinessCode sends HTTP 200 with this code and message and no data, as the
// service does to refuse a request: 9000 means not enough credits, and 9999 any
// other failure. The request is not carried out.
func BusinessCode(code int, msg string) Fault {
	return Fault{kind: faultRespond, response: jsonResponse(http.StatusOK, generated.ErrorResponse{Code: code, Msg: msg})}
}

// RateLimit sends HTTP 429 with Retry-After in seconds. The request is not
// carried out. For a date or an invalid value, see [Fault.WithHeader].
func RateLimit(seconds int) Fault {
	return Fault{kind: faultRespond, response: errorResponse(http.StatusTooManyRequests, "Too many requests")}.
		WithHeader("Retry-After", strconv.Itoa(seconds))
}

// MalformedBody sends HTTP 200, application/json, and a body that ends inside the
// JSON although it is as long as declared. The request is not carried out.
func MalformedBody() Fault {
	return Respond(http.StatusOK, jsonType, `{"code":1000,"msg":"Successfully","data":{"sta`)
}

// Delay waits for d and then handles the request as usual. It ends early, with
// the request not carried out, if the client goes away or the server closes.
func Delay(d time.Duration) Fault { return Fault{kind: faultDelay, delay: d} }

// DelayAnswer carries out the request and then waits for d before it responds, so
// that a client whose time runs out before cannot know the outcome. It ends early,
// without a response, if the client goes away or the server closes.
func DelayAnswer(d time.Duration) Fault { return Delay(d).AfterActing() }

// DropRequest drops the connection without a response, once the request was
// read. The request is not carried out. Over HTTP/2 only the one stream is reset,
// so that the other requests of the connection go on. Note that net/http's
// client sends a GET again automatically if its connection had been used before.
func DropRequest() Fault { return Fault{kind: faultDrop} }

// DropAnswer carries out the request and then drops the connection without a
// response, so that the client cannot know the outcome. Over HTTP/2 only the one
// stream is reset.
func DropAnswer() Fault { return DropRequest().AfterActing() }

// TruncateBody carries out the request, declares the length of the whole
// response, sends the first half of it and ends there.
func TruncateBody() Fault { return Fault{kind: faultTruncate} }

// FailNext applies f to the next n requests, whatever they are; n below 1 does
// nothing. Calls queue up: FailNext(1, Fault{}) followed by
// FailNext(2, RateLimit(1)) lets one request pass and limits the two after it.
// A request that violates the contract takes its fault from the queue too, and
// is recorded and reported as usual.
func (s *Server) FailNext(n int, f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.push(n, f)
}

// FailNextOn applies f to the next n requests of one operation of the contract, by
// its operationId such as "seeDreamV45", or its method and path such as
// "POST /v1/images/seedreamv45"; others pass. Calls for one operation queue
// up as those of [Server.FailNext] do, and come before those: a request takes one
// fault only. An operation that the contract lacks fails the test of [Start]
// through its Errorf, since no request would ever take the fault; on a server of
// [NewServer], which has no test, FailNextOn panics.
//
// See [Server.FailCalls] for faults of certain calls, by their numbers.
func (s *Server) FailNextOn(operation string, n int, f Fault) {
	op := s.documents.operation(operation)
	if op == nil {
		s.misuse(fmt.Sprintf("fakeapi: FailNextOn: the contract has no operation %q", operation))
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	aimed := s.aimed[op]
	aimed.push(n, f)
	s.aimed[op] = aimed
}

// misuse fails the test for a mistake in the test itself.
func (s *Server) misuse(msg string) {
	if s.report == nil {
		panic(msg)
	}
	s.report("%s", msg)
}

// nextFault takes the fault of a request; op is nil if it has no operation. The caller
// holds the lock.
func (s *Server) nextFault(op *contract.Operation) Fault {
	if f, ok := s.calls.next(op); ok {
		return f
	}
	aimed := s.aimed[op]
	if len(aimed) == 0 {
		return s.faults.next(Fault{})
	}
	f := aimed.next(Fault{})
	s.aimed[op] = aimed
	return f
}
