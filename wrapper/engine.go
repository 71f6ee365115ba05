package wrapper

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	tensorslab "github.com/tensorslab/tensorslab-go"
	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/internal/contract"
	"github.com/tensorslab/tensorslab-go/internal/redact"
	"github.com/tensorslab/tensorslab-go/internal/send"
)

// service is one published API: its contract, and what its operations do.
// Operations are known by their service and operationId.
type service struct {
	contract func() (*contract.Document, error)
	effects  map[string]send.Effect // operations that do less than their HTTP method says
}

// imagesService takes every operation by POST, so that only the table of
// effects tells which of them may be repeated. Each generation costs credits.
var imagesService = service{
	contract: sync.OnceValues(func() (*contract.Document, error) { return contract.Parse(tensorslab.Spec()) }),
	effects: map[string]send.Effect{
		opDeleteImagesTask: send.Once,
		opInfoByTaskID:     send.None,
	},
}

// effectOf goes by the HTTP method, unless the table says otherwise.
func (s *service) effectOf(op *contract.Operation) send.Effect {
	if effect, ok := s.effects[op.ID]; ok {
		return effect
	}
	return send.EffectOf(op.Method)
}

// engine carries every request to the service, those of our methods and those
// of the generated client alike: it admits a request by the contract, sends it
// as often as is safe, and judges the response. What it returns is either a
// response that satisfies the contract and says success, as far as [WithValidation]
// asks for that, or a typed error. What the contract says in words only is judged
// by each method: see deleteimagestask.go, generate.go and infobytaskid.go.
type engine struct {
	service  *service
	contract *contract.Document
	base     *url.URL
	editors  []generated.RequestEditorFn
	sender   *send.Sender
	mode     ValidationMode
	redactor redact.Redactor // of what comes from before the key is added
	log      *slog.Logger    // of attempts; nil for none
	reports  *slog.Logger    // of what Report lets pass
}

func newEngine(cfg *config, auth generated.RequestEditorFn) (*engine, error) {
	doc, err := imagesService.contract()
	if err != nil {
		return nil, err
	}
	e := &engine{
		service: &imagesService, contract: doc, base: cfg.baseURL, editors: editorsOf(cfg, auth), sender: cfg.sender(),
		mode: cfg.validation, log: cfg.logger, reports: cfg.logger,
	}
	if e.reports == nil {
		e.reports = slog.Default()
	}
	sample := &http.Request{Header: http.Header{}}
	err = auth(context.Background(), sample)
	e.redactor = redact.New(sample.Header.Get("Authorization"))
	return e, err
}

// call sends a request of one of our methods, which has checked its body, and
// decodes the response. buildErr is the error of the request's builder. doubt
// says that an earlier request for the same purpose may have taken effect.
func call[T any](ctx context.Context, e *engine, operation string, doubt bool, req *http.Request, buildErr error) (*T, *exchange, error) {
	x, refused := e.prepare(ctx, req, buildErr)
	if refused != nil {
		refused.Operation = operation
		refused.doubtBefore, refused.repeatable = doubt, e.service.effects[operation] != send.EachTime
		return nil, nil, refused
	}
	x.earlier = doubt
	if err := e.run(x); err != nil {
		return nil, x, err
	}
	decoded := new(T)
	if err := json.Unmarshal(x.Body, decoded); err != nil {
		return nil, x, x.violates("", "type")
	}
	return decoded, x, nil
}

// prepare completes a request and admits it.
func (e *engine) prepare(ctx context.Context, req *http.Request, buildErr error) (*exchange, *RequestError) {
	if buildErr != nil {
		return nil, &RequestError{Reason: "it could not be built: " + buildErr.Error(), Err: buildErr}
	}
	req = req.WithContext(ctx)
	if refused := new(RequestError); errors.As(e.edit(ctx, req), &refused) {
		return nil, refused
	}
	return e.admit(req)
}

// Do carries a request of the generated client, which nobody has checked.
func (e *engine) Do(req *http.Request) (*http.Response, error) {
	x, refused := e.admit(req)
	if refused == nil {
		refused = x.checkBody()
	}
	if refused != nil {
		return nil, refused
	}
	if err := e.run(x); err != nil {
		return nil, err
	}
	resp := x.Response
	resp.Request, resp.Body, resp.ContentLength = req, io.NopCloser(bytes.NewReader(x.Body)), int64(len(x.Body))
	if x.op.RespondsJSON(resp) && !strings.Contains(resp.Header.Get("Content-Type"), "json") {
		if resp.Header == nil {
			resp.Header = http.Header{}
		}
		resp.Header.Set("Content-Type", "application/json") // the only spelling that the generated client knows
	}
	return resp, nil
}

// admit refuses what is not a sound request of the contract to the base URL.
func (e *engine) admit(req *http.Request) (*exchange, *RequestError) {
	if req.URL == nil {
		return nil, refuse(req, "", "it has no URL")
	}
	path, ok := contract.RelativePath(e.base, req.URL)
	if !ok {
		return nil, refuse(req, "", "its address is not below the base URL")
	}
	op, _, _ := e.contract.Find(req.Method, path)
	if op == nil {
		return nil, refuse(req, "", "the contract has no operation %s %s", req.Method, redact.Cut(path, maxPointerText))
	}
	if name, ok := send.CheckHeader(req.Header); !ok {
		return nil, refuse(req, op.ID, "the header %s can't be sent: its name or value holds a character that none may", redact.Quoted(name, maxPointerText))
	}
	authorization := req.Header.Get("Authorization")
	return &exchange{
		req: req, op: op, effect: e.service.effectOf(op),
		redactor: redact.New(authorization), bearer: strings.HasPrefix(authorization, bearerPrefix),
	}, nil
}

// refuse words a request that is not sent, and closes its body.
func refuse(req *http.Request, operation, format string, args ...any) *RequestError {
	closeBody(req)
	return invalid(operation, "", format, args...)
}

// closeBody does what an http.Client would do with a request that it refuses.
func closeBody(req *http.Request) {
	if req.Body != nil {
		req.Body.Close()
	}
}

// run sends an admitted request and judges what came back. What it passes on
// holds no key.
func (e *engine) run(x *exchange) error {
	ctx := x.req.Context()
	if ctx.Err() != nil {
		closeBody(x.req)
		x.Result = &send.Result{Outcome: send.NotSent, Err: send.WithContext(ctx, context.Cause(ctx))}
		return x.transportError()
	}
	x.Result = e.sender.Send(x.req, x.effect, func(r *send.Result, took time.Duration) {
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
	if x.op.RespondsJSON(x.Response) {
		x.Body = x.redactor.JSON(x.Body, "taskid")
	}
	return nil
}

// maxJudgedAnyway is the size, in bytes, up to which a response is judged although
// the context has ended meanwhile: that takes no time, and it may name a paid task.
const maxJudgedAnyway = 64 << 10

// judge returns nil for a success, and otherwise a typed error: first what is no
// response, then the status, what cut the body short, the envelope, and at last the
// schema, since a rejection in the service's own words says more than what is
// missing from it. A proven success needs none of the latter two.
func (e *engine) judge(ctx context.Context, x *exchange) error {
	resp := x.Response
	switch {
	case resp == nil:
		return x.transportError()
	case x.Followed || !isSuccess(resp.StatusCode):
		return x.apiError()
	case errors.Is(x.Err, send.ErrTooLarge):
		return x.violates("", KeywordSize)
	case x.Err != nil:
		return x.transportError()
	case x.op.Proves(resp, x.Body, CodeSuccess):
		return nil
	}
	body := x.json()
	if code, _, ok := body.Envelope(); ok && code != CodeSuccess {
		if isRefusal(code) {
			x.Outcome = send.NotActed // by the service's own word
		}
		return x.apiError()
	}
	found, decodable := x.op.CheckResponse(resp, body, e.mode != Off)
	switch {
	case len(found) > 0 && (!decodable || e.mode == Enforce):
		return x.contractError(found...)
	case len(found) > 0:
		x.report(ctx, e.reports, found)
	}
	return nil
}

func isSuccess(status int) bool { return status >= 200 && status <= 299 }
