package conformance

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/internal/testkit"
	"github.com/tensorslab/tensorslab-go/internal/testkit/frozen"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// closeSpy notices whether a request's body was closed.
type closeSpy struct {
	io.Reader
	closed bool
}

func (s *closeSpy) Close() error { s.closed = true; return nil }

func TestContractDoerRefusesRequestsOutsideTheContract(t *testing.T) {
	t.Parallel()
	const base = "https://api.test/p"
	path := frozen.Path("deleteImagesTask")
	doer, err := wrapper.NewContractDoer(base, testkit.DoerFunc(func(req *http.Request) (*http.Response, error) {
		t.Errorf("sent %s %s", req.Method, req.URL)
		return nil, io.EOF
	}))
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct{ method, url string }{
		"another host":      {"POST", "https://evil.test/p" + path},
		"another scheme":    {"POST", "http://api.test/p" + path},
		"outside of prefix": {"POST", "https://api.test" + path},
		"another method":    {"GET", base + path},
		"another path":      {"POST", base + path + "/all"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			body := &closeSpy{Reader: strings.NewReader(`{"taskids":["a"]}`)}
			req, _ := http.NewRequestWithContext(t.Context(), tt.method, tt.url, body)
			resp, err := doer.Do(req)
			var e *wrapper.RequestError
			if resp != nil || !errors.As(err, &e) || !errors.Is(err, wrapper.ErrNotSent) {
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
	if d, err := wrapper.NewContractDoer("http://api.test", http.DefaultClient); d != nil || !errors.Is(err, wrapper.ErrInvalidOption) {
		t.Errorf("got %v, %v", d, err)
	}
}

func TestContractDoerWithThePlainGeneratedClient(t *testing.T) {
	t.Parallel()
	url, requests := testkit.Serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "APPLICATION/JSON")
		_, _ = io.WriteString(w, successBody)
	})
	var nilClient *http.Client
	for name, next := range map[string]generated.HttpRequestDoer{
		"http.Client": http.DefaultClient, "nil": nil, "nil *http.Client": nilClient, "own doer": testkit.DoerFunc(http.DefaultClient.Do),
	} {
		doer, err := wrapper.NewContractDoer(url, next)
		if err != nil {
			t.Fatal(err)
		}
		g, err := generated.NewClientWithResponses(url, generated.WithHTTPClient(doer))
		if err != nil {
			t.Fatal(err)
		}
		resp, err := g.DeleteImagesTaskWithResponse(t.Context(), oneID)
		if err != nil || resp.JSON200 == nil {
			t.Errorf("%s: %v, %v", name, resp, err)
		}
	}
	if requests.Load() != 4 {
		t.Errorf("%d requests", requests.Load())
	}
	http.DefaultClient.CloseIdleConnections()
}

// A user's own client may follow redirects itself.
func TestContractDoerNoticesFollowedRedirects(t *testing.T) {
	t.Parallel()
	target, _ := testkit.Serve(t, testkit.Respond(200, successBody))
	url, _ := testkit.Serve(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, target, http.StatusFound) })
	doer, err := wrapper.NewContractDoer(url, testkit.DoerFunc(http.DefaultClient.Do))
	if err != nil {
		t.Fatal(err)
	}
	g, _ := generated.NewClientWithResponses(url, generated.WithHTTPClient(doer))
	_, err = g.DeleteImagesTaskWithResponse(t.Context(), oneID)
	var e *wrapper.APIError
	if !errors.As(err, &e) || e.HTTPStatus != http.StatusFound || !errors.Is(err, wrapper.ErrRedirected) {
		t.Errorf("got %v", err)
	}
	http.DefaultClient.CloseIdleConnections()
}

func TestContractDoerWithOddDoers(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		doer testkit.DoerFunc
		want string
	}{
		"neither response nor error": {func(*http.Request) (*http.Response, error) { return nil, nil }, "OutcomeUnknown"},
		"response and error": {func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, Body: &closeSpy{Reader: strings.NewReader("")}}, io.EOF
		}, "OutcomeUnknown"},
		"no body, no header": {func(*http.Request) (*http.Response, error) { return &http.Response{StatusCode: 200}, nil }, "Contract OutcomeUnknown"},
		"status 0":           {func(*http.Request) (*http.Response, error) { return &http.Response{}, nil }, "OutcomeUnknown"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doer, err := wrapper.NewContractDoer("https://api.test", tt.doer)
			if err != nil {
				t.Fatal(err)
			}
			g, _ := generated.NewClientWithResponses("https://api.test", generated.WithHTTPClient(doer))
			resp, err := g.DeleteImagesTaskWithResponse(t.Context(), oneID)
			if got := matching(err); resp != nil || got != tt.want {
				t.Errorf("%v matches %q, want %q", err, got, tt.want)
			}
		})
	}
}

func TestContextThatHasEnded(t *testing.T) {
	t.Parallel()
	url, requests := testkit.Serve(t, testkit.Respond(200, successBody))
	mine := errors.New("shutting down")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(mine)
	_, err := newRetryingClient(t, url).DeleteImagesTask(ctx, oneID)
	var e *wrapper.TransportError
	if !errors.As(err, &e) || !errors.Is(err, context.Canceled) || !errors.Is(err, mine) || !errors.Is(err, wrapper.ErrNotSent) {
		t.Errorf("got %v", err)
	}
	if requests.Load() != 0 {
		t.Error("a request was sent")
	}
}
