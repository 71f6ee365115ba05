package wrapper

import (
	"context"
	"fmt"
	"net/http"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/internal/contract"
	"github.com/tensorslab/tensorslab-go/internal/redact"
)

// bearerPrefix precedes the key in the form that TensorsLab's prose and every
// public client use.
const bearerPrefix = "Bearer "

// BearerEditor returns a request editor for the generated client that sends
// "Bearer <key>" in the Authorization header, as [Client] does by default. White
// space and quotes around the key are dropped, and so is "Bearer " in front of it.
// An empty key, or one with white space inside, a control character or a byte
// that is not ASCII, is refused with [ErrInvalidKey] and not printed.
func BearerEditor(key string) (generated.RequestEditorFn, error) {
	return authEditor(bearerPrefix, key)
}

// APIKeyEditor is [BearerEditor] without "Bearer " in front of the key. The contract
// can be read that way: it declares an apiKey in the header Authorization, and
// OpenAPI can't put a prefix on one. See [WithBareKey].
func APIKeyEditor(key string) (generated.RequestEditorFn, error) {
	return authEditor("", key)
}

func authEditor(prefix, key string) (generated.RequestEditorFn, error) {
	key, err := cleanKey(key)
	if err != nil {
		return nil, err
	}
	value := prefix + key
	return func(_ context.Context, req *http.Request) error {
		req.Header["Authorization"] = []string{value}
		return nil
	}, nil
}

// cleanKey returns a key as it is sent, or an error that does not show it.
func cleanKey(key string) (string, error) {
	key, fault := redact.CleanKey(key)
	if key == "" && fault == "" {
		fault = "it is empty; set " + EnvAPIKey + " or pass a key"
	}
	if fault != "" {
		return "", fmt.Errorf("tensorslab: %w: %s", ErrInvalidKey, fault)
	}
	return key, nil
}

func notPrintableASCII(r rune) bool { return r < ' ' || r > '~' }

// edit adds what each request carries: the User-Agent, what the user's editors add,
// and at last the key, after anything that could look at it. An editor that puts
// another body in place loses GetBody, which would bring the old one back at the next
// attempt; its length stays as it was, for editors that only count or pace the bytes.
func (e *engine) edit(ctx context.Context, req *http.Request) (target, *RequestError) {
	own := []string{e.userAgent, ""} // an editor or a transport may write into a header's values
	req.Header["User-Agent"] = own[:1:1]
	for _, fn := range e.editors {
		body := req.Body
		err := e.redactor.Error(fn(ctx, req))
		if req.Body != body {
			req.GetBody = nil
		}
		if err != nil {
			return target{}, &RequestError{Reason: "a request editor failed: " + err.Error(), Err: err}
		}
	}
	t := e.find(req)
	if t.op != nil {
		e.addKey(req, t.op.Key, own[1:])
	}
	return t, nil
}

// editor is edit for the generated client, which calls Do after it and after editors of
// its own.
func (e *engine) editor(ctx context.Context, req *http.Request) error {
	if _, refused := e.edit(ctx, req); refused != nil {
		return refused
	}
	return nil
}

// target is what the contract has for the address of a request: an operation and the
// values of its path's parameters, or the reason why there is none.
type target struct {
	op     *contract.Operation
	values map[string]string
	reason string
}

func (e *engine) find(req *http.Request) (t target) {
	t.op, t.values, t.reason = e.contract.FindBelow(e.base, req)
	return t
}
