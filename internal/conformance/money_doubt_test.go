package conformance

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/testkit"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// A status says of a paid request that the service did not act only where it
// cannot follow work that was begun or passed on.
func TestStatusesAfterAGeneration(t *testing.T) {
	t.Parallel()
	want := func(status int) string {
		switch {
		case status == 401:
			return "Unauthorized"
		case status == 403:
			return "Unauthorized"
		case status == 404:
			return "NotFound"
		case status == 429:
			return "RateLimited"
		case slices.Contains([]int{406, 408, 409, 418, 423, 424, 425, 444, 460, 463, 499}, status):
			return "OutcomeUnknown"
		case status >= 500:
			return "OutcomeUnknown Server"
		case status == 301, status == 307, status == 308:
			return "Redirected"
		case status >= 300 && status < 400:
			return "OutcomeUnknown Redirected"
		}
		return ""
	}
	for _, status := range []int{
		300, 301, 302, 303, 304, 307, 308, 400, 401, 402, 403, 404, 405, 406, 408, 409, 413, 415, 418, 422, 423, 424, 425, 429, 444, 451, 460, 463, 499,
		500, 501, 502, 503, 504, 505, 507, 508, 511, 520, 521, 522, 523, 524, 525, 529, 530, 599,
	} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			t.Parallel()
			for _, body := range []string{"", `{"code":9999,"msg":"no"}`} {
				service, url := testkit.NewFormServer(t, func(w http.ResponseWriter, r *http.Request) {
					w.Header().Set("Location", "/v1/images/result")
					testkit.Respond(status, body)(w, r)
				})
				err := generate(t.Context(), newRetryingClient(t, url))
				got := strings.TrimSpace(strings.ReplaceAll(" "+matching(err), " Failure", ""))
				if got != want(status) || len(service.Submissions()) != 1 {
					t.Errorf("%v matches %q, want %q; %d submissions", err, got, want(status), len(service.Submissions()))
				}
			}
		})
	}
}

// Where the outcome of a generation is unknown, the text says where to look.
func TestAnUnknownOutcomeSaysWhereToLook(t *testing.T) {
	t.Parallel()
	_, url := testkit.NewFormServer(t, testkit.Respond(503, ""))
	if err := generate(t.Context(), newRetryingClient(t, url)); !strings.Contains(err.Error(), "credits and tasks in the web console") {
		t.Error(err)
	}
}

// An attempt that found no connection takes nothing from the response before it:
// the request was sent, and what the service said counts.
func TestNotSentIsSaidOfAllAttempts(t *testing.T) {
	t.Parallel()
	policy := wrapper.WithRetry(wrapper.RetryPolicy{Backoff: 1, RateLimited: true})
	for _, status := range []int{429, 503} {
		url, requests := testkit.Serve(t, testkit.Respond(status, `{"code":9999,"msg":"busy"}`))
		transport := testkit.Dialling(t, strings.TrimPrefix(url, "http://"), testkit.ClosedPort(t))
		transport.DisableKeepAlives = true
		c := newClient(t, url, transport, policy)
		var err error
		if status == 429 {
			err = generate(t.Context(), c)
		} else {
			_, err = c.InfoByTaskID(t.Context(), taskID)
		}
		var e *wrapper.APIError
		var op *net.OpError
		if !errors.As(err, &e) || e.HTTPStatus != status || e.Message != "busy" || e.Attempts != 3 || errors.Is(err, wrapper.ErrNotSent) || errors.Is(err, wrapper.ErrOutcomeUnknown) {
			t.Errorf("%v", err)
		}
		if !errors.As(err, &op) || op.Op != "dial" || strings.Contains(err.Error(), "nothing was sent") || requests.Load() != 1 {
			t.Errorf("%v after %d requests", err, requests.Load())
		}
	}
}

// The end of the context in a query does not hide the response before it.
func TestTheContextEndsInALaterAttempt(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	url, _ := testkit.Serve(t, testkit.Sequence(testkit.Respond(503, `{"code":9999,"msg":"busy"}`), func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		cancel()
		<-r.Context().Done()
	}))
	_, err := newRetryingClient(t, url).InfoByTaskID(ctx, taskID)
	var e *wrapper.APIError
	if !errors.As(err, &e) || e.HTTPStatus != 503 || e.Attempts != 2 || !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// endOfBody ends the context as the last byte of a response is read.
func endOfBody(status int, body string, cancel func()) testkit.RoundTripFunc {
	return func(req *http.Request) (*http.Response, error) {
		_, _ = io.Copy(io.Discard, req.Body)
		resp := responseOf(status, "")
		resp.Request, resp.Body = req, io.NopCloser(io.MultiReader(strings.NewReader(body), readerFunc(func([]byte) (int, error) { cancel(); return 0, io.EOF })))
		return resp, nil
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// A context that ends between reading and judging ends the call, unless judging
// takes no time: then a paid task is not thrown away.
func TestTheContextEndsBetweenReadingAndJudging(t *testing.T) {
	t.Parallel()
	large := `{"code":1000,"msg":"` + strings.Repeat("x", 500<<10) + `","data":{"taskid":"task-4711"}}`
	for name, tt := range map[string]struct {
		status int
		body   string
		want   string // sentinels; "" for a success
		ended  bool
	}{
		"a small success":  {200, `{"code":1000,"msg":"ok","data":{"taskid":"task-4711"}}`, "", false},
		"a large success":  {200, large, "OutcomeUnknown", true},
		"a large refusal":  {400, strings.Replace(large, "1000", "9999", 1), "Failure", true},
		"large and broken": {200, large + "}", "OutcomeUnknown", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			c := newClient(t, wrapper.DefaultBaseURL, endOfBody(tt.status, tt.body, cancel))
			resp, err := generators["zImage"](ctx, c, "p")
			if matching(err) != tt.want || errors.Is(err, context.Canceled) != tt.ended {
				t.Errorf("%v matches %q, want %q", err, matching(err), tt.want)
			}
			if err == nil && resp.Data.TaskID != paidTask || err != nil && taskIDOf(err) != paidTask {
				t.Errorf("%+v, %v", resp, err)
			}
		})
	}
}

// An editor that counts the bytes of the body leaves its length as it is.
func TestAnEditorThatWrapsTheBody(t *testing.T) {
	t.Parallel()
	service, url := testkit.NewFormServer(t, testkit.Respond(200, testkit.TaskCreatedBody))
	var counted bytes.Buffer
	c := newRetryingClient(t, url, wrapper.WithRequestEditor(func(_ context.Context, req *http.Request) error {
		req.Body = struct {
			io.Reader
			io.Closer
		}{io.TeeReader(req.Body, &counted), req.Body}
		return nil
	}))
	if err := generate(t.Context(), c, aFile()); err != nil {
		t.Fatal(err)
	}
	got := service.Submissions()
	if len(got) != 1 || got[0].Length <= 0 || int64(counted.Len()) != got[0].Length {
		t.Errorf("%d submissions; %d bytes were counted, Content-Length %d", len(got), counted.Len(), got[0].Length)
	}
}
