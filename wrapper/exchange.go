package wrapper

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/tensorslab/tensorslab-go/internal/contract"
	"github.com/tensorslab/tensorslab-go/internal/redact"
	"github.com/tensorslab/tensorslab-go/internal/send"
	"github.com/tensorslab/tensorslab-go/internal/subject"
)

// exchange is one request to the service and what came of it. The typed errors
// about a request that was sent are made here; what came from the other end is
// searched for the key first.
type exchange struct {
	req      *http.Request
	op       *contract.Operation
	effect   send.Effect
	redactor redact.Redactor
	earlier  bool // an earlier request for the same purpose may have taken effect
	*send.Result
	room send.Room      // of Result
	read *contract.Body // what json returns
	// proven is whether the body of the last response was found valid without json.
	proven bool
}

// json returns the body of the last response, read once.
func (x *exchange) json() *contract.Body {
	if x.read == nil {
		x.read = contract.ReadJSON(x.Body)
	}
	return x.read
}

// observe notes an attempt. A status of refusal is in doubt where the body may say success, or
// where it names a task and gives no reason of the contract's: one that does is in doubt with
// HTTP 429 only, after which the request could be repeated.
func (x *exchange) observe(r *send.Result) {
	x.Result, x.read = r, nil
	if r.Response == nil || r.Outcome != send.NotActed || x.effect == send.None || send.IsSuccess(r.Response.StatusCode) || len(r.Body) == 0 {
		return
	}
	code, _, _ := x.json().Envelope()
	mayName := x.effect == send.EachTime && (!isRefusal(code) || r.Response.StatusCode == http.StatusTooManyRequests)
	if x.op.MaySaySuccess(r.Response, x.json(), r.Body, CodeSuccess) || mayName && contract.Names(r.Body, "taskid") {
		r.Outcome = send.Unknown
	}
}

// isRefusal reports whether the contract says of the code that the service did
// not act.
func isRefusal(code int) bool { return code == CodeInsufficientCredits || code == CodeFailure }

// taskID returns the task that the response to a generation names, in whatever else the
// response may be wrong: only where the contract has it, if the service did not act.
func (x *exchange) taskID() string {
	if x.effect != send.EachTime {
		return ""
	}
	id := contract.FindID(x.Body, x.Outcome == send.Unknown, "data", "taskid")
	if x.redactor.Text(id) != id {
		return ""
	}
	return id
}

// checkBody refuses a JSON body that violates the contract, such as ids that
// are null. A body that cannot be read twice is sent unchecked.
func (x *exchange) checkBody() *RequestError {
	violation, err := x.op.CheckHTTPRequest(x.req)
	switch {
	case err != nil:
		e := refuse(x.redactor, x.req, x.op.ID, "its body cannot be read again")
		e.Err = x.redactor.Error(err)
		return e
	case violation != nil:
		e := refuse(x.redactor, x.req, x.op.ID, "violates the contract (%s)", violation.Keyword)
		e.Field = x.redactor.Text(violation.Pointer)
		return e
	}
	return nil
}

// certainty is what is known of the effect, over all attempts.
func (x *exchange) certainty() certainty {
	return certainty{outcome: x.Outcome, doubtBefore: x.earlier || x.DoubtBefore, repeatable: x.effect != send.EachTime, named: x.taskID() != ""}
}

// rejected describes an envelope that does not say success.
func (x *exchange) rejected(code int) *APIError {
	if isRefusal(code) {
		x.Outcome = send.NotActed // by the service's own word
	}
	return x.apiError()
}

// apiError describes a response that is not a success. The codes of the envelope mean
// nothing in a body that is none by the contract; a msg is shown in any case.
func (x *exchange) apiError() *APIError {
	code, msg, _ := x.json().Envelope()
	if !x.op.HasEnvelope(x.Response, x.json()) {
		code = 0
	}
	return &APIError{
		Operation:  x.op.ID,
		HTTPStatus: x.Response.StatusCode,
		Code:       code,
		Message:    strings.Clone(x.redactor.Text(msg)), // not a part of the whole body
		RequestID:  x.requestID(),
		RetryAfter: send.RetryAfter(x.Response.Header, time.Now()),
		Attempts:   x.Attempts,
		Body:       x.redactor.Head(x.Body, maxErrorBodyBytes),
		TaskID:     x.taskID(),
		certainty:  x.certainty(),
		keyAdvice:  x.keyAdvice(),
		page:       send.IsPage(x.Response.Header.Get("Content-Type"), x.Body),
		cause:      x.redactor.Error(x.Err),
	}
}

// keyAdvice is what to do if the service rejected the key.
func (x *exchange) keyAdvice() string {
	switch at := x.op.Key; {
	case at.In == "":
		return "the contract has no key for this operation, so report it to the service"
	case !at.IsAmbiguous():
		return "check it"
	case strings.HasPrefix(x.req.Header.Get("Authorization"), bearerPrefix):
		return "check it, or try its other form (the bare key, with WithBareKey or " + EnvAuth + "=bare)"
	}
	return `check it, or try its other form ("Bearer <key>", without WithBareKey and ` + EnvAuth + ")"
}

// contractError describes a response with a status of success that can't be
// taken for one. Nobody knows then whether the service acted.
func (x *exchange) contractError(found ...contract.Violation) *ContractError {
	list := make([]Violation, min(len(found), contract.MaxViolations))
	for i := range list {
		list[i] = Violation{x.redactor.Text(found[i].Pointer), found[i].Keyword}
	}
	return &ContractError{
		Operation:  x.op.ID,
		HTTPStatus: x.Response.StatusCode,
		Violations: list,
		RequestID:  x.requestID(),
		Attempts:   x.Attempts,
		TaskID:     x.taskID(),
		certainty:  x.certainty(),
	}
}

// violates is contractError for a violation that the schema does not know.
func (x *exchange) violates(pointer, keyword string) *ContractError {
	return x.contractError(contract.Violation{Pointer: pointer, Keyword: keyword})
}

// transportError describes the lack of a complete response.
func (x *exchange) transportError() *TransportError {
	return &TransportError{
		Operation: x.op.ID,
		Attempts:  x.Attempts,
		Err:       x.redactor.Error(x.Err),
		TaskID:    x.taskID(),
		certainty: x.certainty(),
		text:      redact.OneLine(x.redactor.Text(send.BareCause(x.Err).Error()), maxCauseText),
	}
}

// logTo writes a record of the last attempt, with an error or a request id in
// which the key was searched for.
func (x *exchange) logTo(ctx context.Context, log *slog.Logger, took time.Duration) {
	var detail slog.Attr
	if x.Response == nil {
		detail = slog.Any("error", x.transportError())
	} else {
		detail = slog.String("request_id", x.requestID())
	}
	x.Log(ctx, log, "tensorslab: attempt", x.op.ID, took, detail)
}

func (x *exchange) report(ctx context.Context, log *slog.Logger, found []contract.Violation) {
	log.LogAttrs(ctx, slog.LevelWarn, "tensorslab: response violates the contract, passed on",
		slog.String("operation", x.op.ID), slog.String("violations", x.contractError(found...).list()))
}

func (x *exchange) requestID() string {
	return redact.Cut(x.redactor.Text(x.Response.Header.Get("X-Request-Id")), maxRequestIDText)
}

// requireSuccess judges what a response says in words that no schema knows. It looks at the
// code again, because with [Off] or [Report] the engine passes on a body without an envelope.
func (x *exchange) requireSuccess(s subject.Said) error {
	generates := findGeneration(func(g *generation) bool { return g.operation == x.op.ID }) != nil
	switch pointer, keyword := s.Fault(CodeSuccess, x.op.ID == opDeleteImagesTask, generates); keyword {
	case "":
		return nil
	case subject.KeywordFailed:
		x.Outcome = send.NotActed // by the service's own word
		failed := x.apiError()
		failed.deleteFailed = true
		return failed
	default:
		broken := x.violates(pointer, keyword)
		broken.noTaskID = pointer == "/data/taskid" // it may have been paid
		return broken
	}
}
