package wrapper

import (
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/contract"
	"github.com/tensorslab/tensorslab-go/internal/testkit"
	"github.com/tensorslab/tensorslab-go/internal/testkit/frozen"
)

// What the tests share that stand on a contract of their own: one of testdata, of a
// shape that the vendor may publish next.

// serviceOf is a service with the contract in a file of testdata.
func serviceOf(t *testing.T, file string) *service {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	return serviceWith(t, string(text))
}

func serviceWith(t *testing.T, document string) *service {
	t.Helper()
	doc, err := contract.Parse(frozen.Moved([]byte(document)))
	if err != nil {
		t.Fatal(err)
	}
	return &service{
		contract: func() (*contract.Document, error) { return doc, nil },
		effects:  imagesService.effects,
	}
}

// newEvolvedClient is newTestClient for another contract.
func newEvolvedClient(t *testing.T, s *service, baseURL string, opts ...Option) *Client {
	t.Helper()
	defaults := []Option{WithBaseURL(baseURL), WithHTTPClient(&http.Client{Transport: testkit.Transport(t)}), quick}
	c, err := newClient(s, testKey, append(defaults, opts...))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// through sends a request as the generated client does, and returns the body of the
// response. edit, if not nil, is an editor of that request alone.
func through(t *testing.T, c *Client, method, path string, edit func(*http.Request)) (body string, err error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, strings.TrimSuffix(c.engine.base.String(), "/")+path, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.engine.editor(t.Context(), req); err != nil {
		return "", err
	}
	if edit != nil {
		edit(req)
	}
	resp, err := c.engine.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(data), nil
}

// A contract whose operations can't be called with a key makes no client, and the
// checks alone go on: who uses them adds credentials of another kind.
func TestNewClientRefusesSchemesByName(t *testing.T) {
	t.Parallel()
	const document = `{"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "security": [{"Login": []}],
		"paths": {"/v1/a": {"get": {"operationId": "a", "responses": {"200": {"description": "ok"}}}}},
		"components": {"securitySchemes": {"Login": {"type": "apiKey", "in": "cookie", "name": "session"}}}}`
	c, err := newClient(serviceWith(t, document), testKey, nil)
	if c != nil || err == nil || !strings.Contains(err.Error(), `operation a: its security scheme "Login" (apiKey in cookie)`) || strings.Contains(err.Error(), testKey) {
		t.Errorf("got %v, %v", c, err)
	}
	broken := &service{contract: func() (*contract.Document, error) { return nil, errors.New("broken") }}
	if c, err := newClient(broken, testKey, nil); c != nil || err == nil || !strings.Contains(err.Error(), "broken") {
		t.Errorf("without a contract: %v, %v", c, err)
	}
}
