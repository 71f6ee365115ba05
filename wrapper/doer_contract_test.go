package wrapper

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/generated"
)

// doerFunc stands for a user's own HTTP client.
type doerFunc func(*http.Request) (*http.Response, error)

func (f doerFunc) Do(req *http.Request) (*http.Response, error) { return f(req) }

// closeSpy notices whether a request's body was closed.
type closeSpy struct {
	io.Reader
	closed bool
}

func (s *closeSpy) Close() error { s.closed = true; return nil }

func TestContractDoerRefusesRequestsOutsideTheContract(t *testing.T) {
	t.Parallel()
	const base = "https://api.test/p"
	doer, err := NewContractDoer(base, doerFunc(func(req *http.Request) (*http.Response, error) {
		t.Errorf("sent %s %s", req.Method, req.URL)
		return nil, io.EOF
	}))
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct{ method, url string }{
		"another host":      {"POST", "https://evil.test/p/v1/images/deleteimagestask"},
		"another scheme":    {"POST", "http://api.test/p/v1/images/deleteimagestask"},
		"outside of prefix": {"POST", "https://api.test/v1/images/deleteimagestask"},
		"another method":    {"GET", base + "/v1/images/deleteimagestask"},
		"another path":      {"POST", base + "/v1/images/deleteimagestask/all"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			body := &closeSpy{Reader: strings.NewReader(`{"taskids":["a"]}`)}
			req, _ := http.NewRequestWithContext(t.Context(), tt.method, tt.url, body)
			resp, err := doer.Do(req)
			var e *RequestError
			if resp != nil || !errors.As(err, &e) || !errors.Is(err, ErrNotSent) {
				t.Errorf("got %v, %v", resp, err)
			}
			if !body.closed {
				t.Error("the request's body was left open")
			}
		})
	}
}

func TestContractDoerRefusesABadBaseURL(t *testing.T) {
	t.Parallel()
	if d, err := NewContractDoer("http://api.test", http.DefaultClient); d != nil || !errors.Is(err, ErrInvalidOption) {
		t.Errorf("got %v, %v", d, err)
	}
}

func TestContractDoerWithThePlainGeneratedClient(t *testing.T) {
	t.Parallel()
	url, requests := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "APPLICATION/JSON")
		_, _ = io.WriteString(w, successBody)
	})
	var nilClient *http.Client
	for name, next := range map[string]generated.HttpRequestDoer{
		"http.Client": http.DefaultClient, "nil": nil, "nil *http.Client": nilClient, "own doer": doerFunc(http.DefaultClient.Do),
	} {
		doer, err := NewContractDoer(url, next)
		if err != nil {
			t.Fatal(err)
		}
		g, err := generated.NewClientWithResponses(url, generated.WithHTTPClient(doer))
		if err != nil {
			t.Fatal(err)
		}
		resp, err := g.DeleteImagesTaskWithResponse(t.Context(), oneTask)
		if err != nil || resp.JSON200 == nil {
			t.Errorf("%s: %v, %v", name, resp, err)
		}
	}
	if requests.Load() != 4 {
		t.Errorf("%d requests", requests.Load())
	}
	http.DefaultClient.CloseIdleConnections()
}

// A client of the user's own may follow redirects before we see them.
func TestContractDoerNoticesFollowedRedirects(t *testing.T) {
	t.Parallel()
	target, _ := serve(t, answers(200, successBody))
	url, _ := serve(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, target, http.StatusFound) })
	doer, err := NewContractDoer(url, doerFunc(http.DefaultClient.Do))
	if err != nil {
		t.Fatal(err)
	}
	g, _ := generated.NewClientWithResponses(url, generated.WithHTTPClient(doer))
	_, err = g.DeleteImagesTaskWithResponse(t.Context(), oneTask)
	var e *APIError
	if !errors.As(err, &e) || e.HTTPStatus != http.StatusFound || !errors.Is(err, ErrRedirected) {
		t.Errorf("got %v", err)
	}
	http.DefaultClient.CloseIdleConnections()
}

func TestContractDoerWithOddDoers(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		doer doerFunc
		want string
	}{
		"neither answer nor error": {func(*http.Request) (*http.Response, error) { return nil, nil }, "OutcomeUnknown"},
		"answer and error": {func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, Body: &closeSpy{Reader: strings.NewReader("")}}, io.EOF
		}, "OutcomeUnknown"},
		"no body, no header": {func(*http.Request) (*http.Response, error) { return &http.Response{StatusCode: 200}, nil }, "Contract OutcomeUnknown"},
		"status 0":           {func(*http.Request) (*http.Response, error) { return &http.Response{}, nil }, "OutcomeUnknown"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doer, err := NewContractDoer("https://api.test", tt.doer)
			if err != nil {
				t.Fatal(err)
			}
			g, _ := generated.NewClientWithResponses("https://api.test", generated.WithHTTPClient(doer))
			resp, err := g.DeleteImagesTaskWithResponse(t.Context(), oneTask)
			if got := strings.Join(matching(err), " "); resp != nil || got != tt.want {
				t.Errorf("%v matches %q, want %q", err, got, tt.want)
			}
		})
	}
}

func TestContextThatHasEnded(t *testing.T) {
	t.Parallel()
	url, requests := serve(t, answers(200, successBody))
	mine := errors.New("shutting down")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(mine)
	_, err := newTestClient(t, url).DeleteImagesTask(ctx, oneTask)
	var e *TransportError
	if !errors.As(err, &e) || !errors.Is(err, context.Canceled) || !errors.Is(err, mine) || !errors.Is(err, ErrNotSent) {
		t.Errorf("got %v", err)
	}
	if requests.Load() != 0 {
		t.Error("a request was sent")
	}
}
