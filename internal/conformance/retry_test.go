package conformance

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/internal/testkit"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

func TestRetries(t *testing.T) {
	t.Parallel()
	ok := testkit.Respond(200, successBody)
	cut := announced(100, `{"code":1000`)
	tests := []struct {
		name     string
		handlers []http.HandlerFunc
		attempts int32
		want     string
	}{
		{"success at once", []http.HandlerFunc{ok}, 1, ""},
		{"500 then success", []http.HandlerFunc{testkit.Respond(500, ""), ok}, 2, ""},
		{"502, 504, success", []http.HandlerFunc{testkit.Respond(502, ""), testkit.Respond(504, ""), ok}, 3, ""},
		{"429 and 503 then success", []http.HandlerFunc{testkit.Respond(429, ""), testkit.Respond(503, ""), ok}, 3, ""},
		{"lost then success", []http.HandlerFunc{testkit.HangUp, ok}, 2, ""},
		{"cut then success", []http.HandlerFunc{cut, ok}, 2, ""},
		{"500 to the end", []http.HandlerFunc{testkit.Respond(500, "")}, 3, "OutcomeUnknown Server"},
		{"503 to the end", []http.HandlerFunc{testkit.Respond(503, "")}, 3, "Server"},
		{"503 after 500", []http.HandlerFunc{testkit.Respond(500, ""), testkit.Respond(503, "")}, 3, "OutcomeUnknown Server"},
		{"refused after lost", []http.HandlerFunc{testkit.HangUp, testkit.Respond(400, `{"code":9999,"msg":"no such id"}`)}, 2, "Failure OutcomeUnknown"},
		{"failed after lost", []http.HandlerFunc{testkit.HangUp, testkit.Respond(200, `{"code":1000,"msg":"","data":{"status":"Failed"}}`)}, 2, "DeleteFailed OutcomeUnknown"},
		{"refused after 429", []http.HandlerFunc{testkit.Respond(429, ""), testkit.Respond(400, "")}, 2, ""},
		{"501 is final", []http.HandlerFunc{testkit.Respond(501, ""), ok}, 1, "OutcomeUnknown Server"},
		{"400 is final", []http.HandlerFunc{testkit.Respond(400, `{"code":9999,"msg":""}`), ok}, 1, "Failure"},
		{"401 is final", []http.HandlerFunc{testkit.Respond(401, ""), ok}, 1, "Unauthorized"},
		{"a business code is final", []http.HandlerFunc{testkit.Respond(200, `{"code":9000,"msg":""}`), ok}, 1, "InsufficientCredits"},
		{"a violation is final", []http.HandlerFunc{testkit.Respond(200, `{}`), ok}, 1, "Contract OutcomeUnknown"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			url, requests := testkit.Serve(t, testkit.Sequence(tt.handlers...))
			_, err := newRetryingClient(t, url).DeleteImagesTask(t.Context(), oneID)
			if got := matching(err); got != tt.want || requests.Load() != tt.attempts {
				t.Errorf("%v (%s) after %d requests", err, got, requests.Load())
			}
			var api *wrapper.APIError
			if errors.As(err, &api) && api.Attempts != int(tt.attempts) {
				t.Errorf("Attempts = %d", api.Attempts)
			}
		})
	}
}

// recordBodies starts a server that responds as given, and returns its URL and the
// bodies of its requests, of which there may be three.
func recordBodies(t *testing.T, respond http.HandlerFunc) (url string, bodies chan string) {
	t.Helper()
	bodies = make(chan string, 3)
	url, _ = testkit.Serve(t, func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		bodies <- string(b)
		respond(w, r)
	})
	return url, bodies
}

func TestEveryAttemptSendsTheWholeBody(t *testing.T) {
	t.Parallel()
	url, bodies := recordBodies(t, testkit.Respond(503, ""))
	req := generated.DeleteImagesTaskRequest{TaskIDs: []string{"a", "b"}}
	_, _ = newRetryingClient(t, url).DeleteImagesTask(t.Context(), req)
	for range 3 {
		if got := <-bodies; got != jsonOf(req) {
			t.Errorf("sent %q", got)
		}
	}
}

// A body that can be read only once must not be sent empty the second time.
func TestAStreamIsSentOnce(t *testing.T) {
	t.Parallel()
	url, requests := testkit.Serve(t, testkit.Respond(503, ""))
	stream := io.MultiReader(strings.NewReader(`{"taskids":["a"]}`))
	_, err := newRetryingClient(t, url).Generated().DeleteImagesTaskWithBodyWithResponse(t.Context(), "application/json", stream)
	if !errors.Is(err, wrapper.ErrServer) || requests.Load() != 1 {
		t.Errorf("%v after %d requests", err, requests.Load())
	}
}

func TestRefusedConnectionsAreRetried(t *testing.T) {
	t.Parallel()
	_, err := newRetryingClient(t, "http://"+testkit.ClosedPort(t)).DeleteImagesTask(t.Context(), oneID)
	checkFault(t, err, notSent(), 3)
}

func TestNothingSentAtTheEndDoesNotHideALostAttempt(t *testing.T) {
	t.Parallel()
	dials := 0
	c := newRetryingClient(t, "https://api.test", wrapper.WithHTTPClient(&http.Client{Transport: testkit.RoundTripFunc(func(*http.Request) (*http.Response, error) {
		if dials++; dials == 1 {
			return nil, io.ErrUnexpectedEOF
		}
		return nil, &net.OpError{Op: "dial", Err: errors.New("refused")}
	})}))
	_, err := c.DeleteImagesTask(t.Context(), oneID)
	if got := matching(err); got != "OutcomeUnknown" || dials != 3 {
		t.Errorf("%v (%s) after %d dials", err, got, dials)
	}
}

func TestWithRetrySwitchesRetriesOff(t *testing.T) {
	t.Parallel()
	url, requests := testkit.Serve(t, testkit.Respond(503, ""))
	_, err := newRetryingClient(t, url, once).DeleteImagesTask(t.Context(), oneID)
	if !errors.Is(err, wrapper.ErrServer) || requests.Load() != 1 {
		t.Errorf("%v after %d requests", err, requests.Load())
	}
}

func TestABodyOfAnEditorIsNotUndone(t *testing.T) {
	t.Parallel()
	url, bodies := recordBodies(t, testkit.Respond(503, ""))
	const mine = `{"taskids":["mine"]}`
	replace := wrapper.WithRequestEditor(func(_ context.Context, req *http.Request) error {
		req.Body, req.ContentLength = io.NopCloser(strings.NewReader(mine)), int64(len(mine))
		return nil
	})
	_, err := newRetryingClient(t, url, replace).DeleteImagesTask(t.Context(), oneID)
	if !errors.Is(err, wrapper.ErrServer) || len(bodies) != 1 || <-bodies != mine {
		t.Errorf("%v after %d requests", err, len(bodies))
	}
}
