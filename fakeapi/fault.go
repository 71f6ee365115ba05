package fakeapi

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/tensorslab/tensorslab-go/generated"
)

type faultKind int

const (
	faultNone faultKind = iota
	faultRespond
	faultDelay
	faultDropRequest
	faultDropAnswer
	faultTruncate
)

// Fault is something that goes wrong with one request; see [Server.FailNext] and
// [ImageHost.FailNext].
// The zero value is no fault: the request is answered as ever.
type Fault struct {
	kind   faultKind
	answer answer
	delay  time.Duration
	header http.Header
}

// WithHeader returns the fault with a header on whatever it answers, such as
// Location, Retry-After or a request id. It takes the place of one of the same
// name. Fault{}.WithHeader adds a header to an answer that is as ever.
func (f Fault) WithHeader(name, value string) Fault {
	f.header = f.header.Clone()
	if f.header == nil {
		f.header = make(http.Header)
	}
	f.header.Set(name, value)
	return f
}

// Respond answers with this HTTP status (200 to 999), media type and body. An
// empty contentType sends no Content-Type. The request is not carried out.
func Respond(status int, contentType, body string) Fault {
	if status < http.StatusOK || status > 999 {
		return Fault{kind: faultRespond, answer: errorAnswer(http.StatusInternalServerError,
			fmt.Sprintf("fakeapi: Respond cannot send status %d; use 200 to 999", status))}
	}
	return Fault{kind: faultRespond, answer: answer{status: status, contentType: contentType, body: []byte(body)}}
}

// BusinessCode answers HTTP 200 with this code and message and no data, as the
// service does to refuse a request: 9000 is not enough credits and 9999 is any
// other failure. The request is not carried out.
func BusinessCode(code int, msg string) Fault {
	return Fault{kind: faultRespond, answer: jsonAnswer(http.StatusOK, generated.ErrorResponse{Code: code, Msg: msg})}
}

// BusinessCodeWithData is [BusinessCode] with the data of a deletion, whose
// status is "Success" or "Failed" by the contract.
func BusinessCodeWithData(code int, msg, status string) Fault {
	return Fault{kind: faultRespond, answer: deletionAnswer(code, msg, status)}
}

// RateLimit answers HTTP 429 with Retry-After in seconds. The request is not
// carried out. For a date or a nonsense value, see [Fault.WithHeader].
func RateLimit(seconds int) Fault {
	return Fault{kind: faultRespond, answer: errorAnswer(http.StatusTooManyRequests, "Too many requests")}.
		WithHeader("Retry-After", strconv.Itoa(seconds))
}

// MalformedBody answers HTTP 200, application/json, and a body that breaks off
// inside the JSON although it is as long as declared. The request is not
// carried out.
func MalformedBody() Fault {
	return Respond(http.StatusOK, jsonType, `{"code":1000,"msg":"Successfully","data":{"sta`)
}

// Delay waits for d and then carries out and answers the request as ever. It
// ends early, with the request not carried out, if the client goes away or the
// server closes.
func Delay(d time.Duration) Fault { return Fault{kind: faultDelay, delay: d} }

// DropRequest drops the connection without an answer, once the request was
// read. The request is not carried out. HTTP/2 resets the one stream, so that
// the other requests of the connection go on. Mind that net/http's client sends
// a GET again by itself if its connection had been used before.
func DropRequest() Fault { return Fault{kind: faultDropRequest} }

// DropAnswer carries out the request and then drops the connection without an
// answer, so that the client cannot know what became of it. HTTP/2 resets the
// one stream.
func DropAnswer() Fault { return Fault{kind: faultDropAnswer} }

// TruncateBody carries out the request, declares the length of the whole
// answer, sends the first half of it and ends there.
func TruncateBody() Fault { return Fault{kind: faultTruncate} }

// FailNext makes the next n requests, whatever they are, meet f; n below 1
// does nothing. Calls queue up: FailNext(1, Fault{}) followed by
// FailNext(2, RateLimit(1)) lets one request pass and limits the two after it.
// A request that breaks the contract meets its fault all the same, and is
// recorded and reported as ever.
func (s *Server) FailNext(n int, f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.push(n, f)
}
