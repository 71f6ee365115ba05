package wrapper

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/internal/contract"
	"github.com/tensorslab/tensorslab-go/internal/redact"
	"github.com/tensorslab/tensorslab-go/internal/send"
	"github.com/tensorslab/tensorslab-go/internal/subject"
	"github.com/tensorslab/tensorslab-go/internal/vendored"
)

// service is one published API: its contract, and what its operations do.
// Operations are known by their service and operationId.
type service struct {
	contract func() (*contract.Document, error)
	effects  []operationEffect // operations that do less than their HTTP method says
}

type operationEffect struct {
	operation string
	effect    send.Effect
}

// imagesService takes every operation by POST, so that only the table of
// effects tells which of them may be repeated. Each generation costs credits.
var imagesService = service{
	contract: imagesContract,
	effects:  []operationEffect{{opDeleteImagesTask, send.Once}, {opInfoByTaskID, send.None}},
}

var parsedImages contract.Once // for imagesService

func imagesContract() (*contract.Document, error) { return parsedImages.Parse(vendored.Images.Spec) }

// effectOf goes by the HTTP method, unless the table says otherwise.
func (s *service) effectOf(op *contract.Operation) send.Effect {
	for _, e := range s.effects {
		if e.operation == op.ID {
			return e.effect
		}
	}
	return send.EffectOf(op.Method)
}

// engine carries every request to the service, of our methods and of the generated
// client: it admits a request by the contract, sends it as often as is safe, and judges
// the response. It returns one that satisfies the contract and says success, as far as
// [WithValidation] asks for that, or a typed error.
type engine struct {
	service   *service
	contract  *contract.Document
	base      *url.URL
	userAgent string
	editors   []generated.RequestEditorFn                              // the user's
	addKey    func(req *http.Request, at contract.Key, value []string) // after the editors
	sender    *send.Sender
	templates send.Templates // of the requests of our methods that have a JSON body
	mode      ValidationMode
	redactor  redact.Redactor // of what comes from before the key is added
	log       *slog.Logger    // of attempts; nil for none
	reports   *slog.Logger    // of what Report lets pass
}

// newEngine returns an engine for a contract all of whose operations can be called
// with a key.
func newEngine(s *service, cfg *config, key string) (*engine, error) {
	doc, err := s.contract()
	if err == nil {
		err = contract.CheckSecurity(doc.Spec)
	}
	if err != nil {
		return nil, fmt.Errorf("tensorslab: the contract can't be used: %w", err)
	}
	return &engine{
		service: s, contract: doc, base: cfg.baseURL, userAgent: cfg.userAgent, editors: cfg.editors,
		addKey: contract.KeySetter(key, cfg.bareKey), sender: cfg.sender(), mode: cfg.validation,
		redactor: redact.New(key), log: cfg.logger, reports: cmp.Or(cfg.logger, slog.Default()),
	}, nil
}

// call sends a request of one of our methods, which has checked what no contract
// says, and decodes the response. buildErr is the error of the request's builder. doubt
// says that an earlier request for the same purpose may have taken effect. say tells what
// the decoded response says of success.
func call[T any](ctx context.Context, e *engine, operation string, doubt bool, req *http.Request, buildErr error, say func(*T) subject.Said) (*T, *exchange, error) {
	x, refused := e.prepare(ctx, req, buildErr)
	if refused == nil && x.op.HasLimits() {
		refused = x.checkBody()
	}
	if refused != nil {
		refused.Operation = operation
		refused.doubtBefore, refused.repeatable = doubt, e.service.effectOf(&contract.Operation{ID: operation, Method: http.MethodPost}) != send.EachTime
		return nil, nil, refused
	}
	x.earlier = doubt
	if err := e.run(x); err != nil {
		return nil, x, err
	}
	decoded := new(T)
	if !x.proven || !contract.Decode(x.Body, decoded) {
		decoded = new(T)
		if err := json.Unmarshal(x.Body, decoded); err != nil {
			return nil, x, x.violates("", "type")
		}
	}
	if err := x.requireSuccess(say(decoded)); err != nil {
		return nil, x, err
	}
	return decoded, x, nil
}

// request returns what the generated builder makes of an empty body, with another one.
func request[B any](ctx context.Context, e *engine, operation string, build func(server string, body B) (*http.Request, error), body []byte) (*http.Request, error) {
	return e.templates.Request(ctx, operation, func() (*http.Request, error) { return build(e.base.String(), *new(B)) }, body)
}

// prepare completes a request, which has this context, and admits it.
func (e *engine) prepare(ctx context.Context, req *http.Request, buildErr error) (*exchange, *RequestError) {
	if err := e.redactor.Error(buildErr); err != nil {
		return nil, &RequestError{Reason: "it could not be built: " + err.Error(), Err: err}
	}
	t, refused := e.edit(ctx, req)
	if refused != nil {
		return nil, refused
	}
	return e.admit(req, t)
}

// Do carries a request of the generated client, which nobody has checked.
func (e *engine) Do(req *http.Request) (*http.Response, error) {
	x, refused := e.admit(req, e.find(req))
	if refused == nil {
		refused = x.checkBody()
	}
	if refused != nil {
		return nil, refused
	}
	if err := e.run(x); err != nil {
		return nil, err
	}
	hasEnvelope := !x.proven && x.op.HasEnvelope(x.Response, x.json()) // if it is proven, so is its code
	if err := x.requireSuccess(subject.Read(x.Body, hasEnvelope, CodeSuccess)); err != nil {
		return nil, err
	}
	resp := x.Response
	resp.Request, resp.Body, resp.ContentLength = req, io.NopCloser(bytes.NewReader(x.Body)), int64(len(x.Body))
	x.op.SpellJSON(resp)
	return resp, nil
}

// admit refuses what is not a sound request of the contract to the base URL.
func (e *engine) admit(req *http.Request, t target) (*exchange, *RequestError) {
	key := e.redactor.For(t.op.Sent(req))
	if t.op == nil {
		return nil, refuse(key, req, "", "%s", t.reason)
	}
	if name, ok := send.CheckHeader(req.Header); !ok {
		return nil, refuse(key, req, t.op.ID, "the header %q can't be sent: its name or value holds a character that none may", name)
	}
	if fault := t.op.CheckParameters(req, t.values); fault != nil {
		return nil, refuse(key, req, t.op.ID, "%s violates the contract (%s)", fault.Place(), fault.Found[0].Keyword)
	}
	if !t.op.TakesMedia(req) {
		return nil, refuse(key, req, t.op.ID, "the contract has no request body of the type %q", req.Header.Get("Content-Type"))
	}
	return &exchange{req: req, op: t.op, effect: e.service.effectOf(t.op), redactor: key}, nil
}

// refuse words a request that is not sent, without the key, and closes its body, as an
// http.Client does with one that it refuses.
func refuse(key redact.Redactor, req *http.Request, operation, format string, args ...any) *RequestError {
	if req.Body != nil {
		req.Body.Close()
	}
	return invalid(operation, "", format, key.Args(args, 2*maxPointerText)...)
}

// run sends an admitted request and judges what came back. What it passes on
// holds no key.
func (e *engine) run(x *exchange) error {
	ctx := x.req.Context()
	x.Result = e.sender.SendIn(&x.room, x.req, x.effect, func(r *send.Result, took time.Duration) {
		x.observe(r)
		if e.log != nil {
			x.logTo(ctx, e.log, took)
		}
	})
	if x.Err == nil && ctx.Err() != nil && len(x.Body) > maxJudgedAnyway {
		x.Err = send.WithContext(ctx, context.Cause(ctx))
	}
	if err := e.judge(ctx, x); err != nil {
		return err
	}
	if x.redactor.MayBeIn(x.Body) && x.op.RespondsJSON(x.Response) {
		x.Body = x.redactor.JSON(x.Body, "taskid")
	}
	return nil
}

// maxJudgedAnyway is the size, in bytes, up to which a response is judged although
// the context has ended meanwhile: that takes no time, and it may name a paid task.
const maxJudgedAnyway = 64 << 10

// judge returns nil for a success, and otherwise a typed error: what is no response
// comes first, then the status, then what cut the body short. Most successes are
// proven; judgeBody decides on all others.
func (e *engine) judge(ctx context.Context, x *exchange) error {
	switch resp := x.Response; {
	case resp == nil:
		return x.transportError()
	case x.Followed || !send.IsSuccess(resp.StatusCode):
		return x.apiError()
	case errors.Is(x.Err, send.ErrTooLarge):
		return x.violates("", KeywordSize)
	case x.Err != nil:
		return x.transportError()
	}
	if x.proven = x.op.Proves(x.Response, x.Body, CodeSuccess); x.proven {
		return nil
	}
	return e.judgeBody(ctx, x)
}

// judgeBody judges a whole response with a status of success. A failure in the
// service's own words says more than the schema about what is missing from it.
func (e *engine) judgeBody(ctx context.Context, x *exchange) error {
	verdict, code := x.op.VerdictOf(x.Response, x.json(), CodeSuccess)
	if verdict == contract.Failure {
		return x.rejected(code)
	}
	isUnclear := verdict == contract.BareFailure || x.json().IsAmbiguous("code", "data/status", "data/taskid")
	found, decodable := x.op.CheckResponse(x.Response, x.json(), e.mode != Off || isUnclear)
	isValid := len(found) == 0
	switch {
	case !decodable, !isValid && (isUnclear || e.mode == Enforce):
		return x.contractError(found...)
	case !isValid && e.mode == Report:
		x.report(ctx, e.reports, found)
	case isValid && verdict == contract.BareFailure:
		return x.rejected(code)
	case isValid && verdict == contract.NoCode && e.mode == Enforce:
		return x.violates("/code", "required")
	}
	return nil
}
