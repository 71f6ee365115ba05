package wrapper

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/tensorslab/tensorslab-go/generated"
)

// bearerPrefix stands before the key in the form that TensorsLab's prose uses.
const bearerPrefix = "Bearer "

// APIKeyEditor returns a request editor for the generated client that sends
// key in the Authorization header as it is, which is the form that the contract
// declares (an apiKey in header Authorization). White space around the key is
// trimmed. An empty key, or one with a control character or a byte that is not
// ASCII, is refused with [ErrInvalidKey] and not printed.
func APIKeyEditor(key string) (generated.RequestEditorFn, error) {
	return authEditor("", key)
}

// BearerEditor is [APIKeyEditor] with the header value "Bearer <key>", the form
// that the prose pages of TensorsLab's reference and its public clients use.
func BearerEditor(key string) (generated.RequestEditorFn, error) {
	return authEditor(bearerPrefix, key)
}

func authEditor(prefix, key string) (generated.RequestEditorFn, error) {
	key, err := cleanKey(key)
	if err != nil {
		return nil, err
	}
	value := []string{prefix + key}
	return func(_ context.Context, req *http.Request) error {
		req.Header["Authorization"] = value
		return nil
	}, nil
}

func cleanKey(key string) (string, error) {
	key = strings.TrimSpace(key)
	if key == "" {
		return "", fmt.Errorf("tensorslab: %w: it is empty; set %s or pass a key", ErrInvalidKey, EnvAPIKey)
	}
	if i := strings.IndexFunc(key, notPrintableASCII); i >= 0 {
		return "", fmt.Errorf("tensorslab: %w: it holds a control character or a non-ASCII byte at position %d; copy it again", ErrInvalidKey, i)
	}
	return key, nil
}

func notPrintableASCII(r rune) bool { return r < ' ' || r > '~' }

const editorFailed = "a request editor failed: "

// edit adds what each request carries. An editor that puts another body in
// place loses GetBody, which would bring the old one back at the next attempt.
func (e *engine) edit(ctx context.Context, req *http.Request) error {
	for _, fn := range e.editors {
		body := req.Body
		err := fn(ctx, req)
		if req.Body != body {
			req.GetBody = nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// editGenerated is edit for the generated client, which returns its error as it is.
func (e *engine) editGenerated(ctx context.Context, req *http.Request) error {
	if err := e.edit(ctx, req); err != nil {
		return &RequestError{Reason: editorFailed + err.Error(), Err: err}
	}
	return nil
}
