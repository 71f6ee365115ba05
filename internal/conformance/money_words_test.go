package conformance

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/internal/testkit"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// A refusal whose body may say success leaves a generation in doubt, in whatever
// notation it says so.
func TestRefusalsThatMaySaySuccess(t *testing.T) {
	t.Parallel()
	for body, doubt := range map[string]bool{
		`{"code":"1000","msg":"ok","data":{"taskid":4711}}`:      true,
		`{"code":1000.0,"msg":"ok"}`:                             true,
		`{"code":1e3,"msg":"ok"}`:                                true,
		`{"code":1000,"code":1000,"msg":"ok"}`:                   true,
		`{"code":10e2,"msg":"ok","data":{}}`:                     true,
		`{"code":0.1e4,"msg":"ok","data":{}}`:                    true,
		`[{"code":1000,"msg":"ok"}]`:                             true,
		`{"data":"{\"code\":1000}"}`:                             true,
		`{"data":[{"taskid":"a"}]}`:                              true,
		`{"taskid":null}`:                                        true,
		`{"message":"no more than 1000 requests an hour"}`:       false,
		`{"Code":1000,"msg":"ok"}`:                               true,
		"\ufeff" + ` {"code":1000,"msg":"ok"}`:                   true,
		`{"code":1000,"msg":"ok"`:                                true,
		`{"code":200,"msg":"ok","data":{"taskid":4711}}`:         true,
		`{"code":9999,"msg":"no 1000 for you"}`:                  false,
		`{"code":9000,"msg":"1000 credits needed","data":{}}`:    false,
		`{"code":9999,"msg":"no","data":{"taskid":"task-4711"}}`: false,
		`{"error":"bad prompt"}`:                                 false,
		`<html>error 1000</html>`:                                false,
		``:                                                       false,
	} {
		url, _ := testkit.Serve(t, testkit.Respond(http.StatusBadRequest, body))
		_, err := newClient(t, url, testkit.Transport(t)).ZImage(t.Context(), generated.ZImageMultipartRequestBody{Prompt: "p"})
		if got := errors.Is(err, wrapper.ErrOutcomeUnknown); err == nil || got != doubt {
			t.Errorf("%s: in doubt: %t (%v)", body, got, err)
		}
	}
}

// A 429 is repeated, if the policy allows it, unless it may say that there is a task.
func TestRateLimitedAfterA429(t *testing.T) {
	t.Parallel()
	plain := http.Header{"Content-Type": {"text/plain"}}
	for _, tt := range []struct {
		name   string
		header http.Header
		body   string
		want   int32 // requests
	}{
		{"empty", plain, ``, 3},
		{"text", plain, `Too Many Requests`, 3},
		{"text in GBK", plain, "\xc7\xeb\xc7\xf3\xb9\xfd\xb6\xe0", 3},
		{"a page", http.Header{"Content-Type": {"text/html"}}, htmlPage, 3},
		{"a gateway's JSON", nil, `{"message":"API rate limit exceeded: 1000 per hour","request_id":"1"}`, 3},
		{"a gateway's code", nil, `{"error":{"code":429,"message":"slow down"}}`, 3},
		{"an envelope", nil, `{"code":9999,"msg":"too many"}`, 3},
		{"another code", nil, `{"code":429,"msg":"too many","data":{}}`, 3},
		{"an envelope in a list", nil, `[{"code":1000,"msg":"ok","data":{}}]`, 1},
		{"10e2", nil, `{"code":10e2,"msg":"ok","data":{}}`, 1},
		{"100e1", nil, `{"code":100e1,"msg":"ok","data":{}}`, 1},
		{"0.1e4", nil, `{"code":0.1e4,"msg":"ok","data":{}}`, 1},
		{"1000 and no end", nil, `{"code":1000`, 1},
		{"a list of tasks", nil, `{"data":[{"taskid":"a"}]}`, 1},
		{"a task at the top", nil, `{"TaskId":"a"}`, 1},
		{"one quote too many", nil, `{"code":200,"msg":"a \" quote" x","data":{"taskid":"a"}}`, 1},
		{"a task and 9999", nil, `{"code":9999,"msg":"no","data":{"taskid":"a"}}`, 1},
		{"too large to be seen whole", nil, strings.Repeat(" ", wrapper.DefaultMaxResponseBytes+1), 1},
		{"compressed", http.Header{"Content-Encoding": {"br"}}, "\x0b\x02\x80", 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			url, requests := testkit.Serve(t, func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body)
				w.Header().Set("Content-Type", "application/json")
				maps.Copy(w.Header(), tt.header)
				w.WriteHeader(http.StatusTooManyRequests)
				_, _ = io.WriteString(w, tt.body)
			})
			err := generate(t.Context(), newRetryingClient(t, url, wrapper.WithRetry(wrapper.RetryPolicy{Backoff: 1, RateLimited: true})))
			if !errors.Is(err, wrapper.ErrRateLimited) || requests.Load() != tt.want {
				t.Errorf("%d requests, want %d: %v", requests.Load(), tt.want, err)
			}
		})
	}
}

// A task that is named by a number is one that can be waited for.
func TestATaskThatIsNamedByANumber(t *testing.T) {
	t.Parallel()
	url, _ := testkit.Serve(t, testkit.Respond(http.StatusOK, `{"code":1000,"msg":"ok","data":{"taskid":9007199254740993}}`))
	_, err := newClient(t, url, testkit.Transport(t)).ZImage(t.Context(), generated.ZImageMultipartRequestBody{Prompt: "p"})
	var broken *wrapper.ContractError
	if !errors.As(err, &broken) || broken.TaskID != "9007199254740993" || !errors.Is(err, wrapper.ErrOutcomeUnknown) {
		t.Errorf("got %#v", err)
	}
}

// The caller's own reason for the end of a context may hold the key.
func TestCausesOfContextsHoldNoKey(t *testing.T) {
	t.Parallel()
	cause := fmt.Errorf("giving up on %q: %w", authorization, io.ErrClosedPipe)
	url, _ := testkit.Serve(t, testkit.Respond(http.StatusOK, `{"code":1000,"msg":"","data":{"image_status":2}}`))
	client := newClient(t, url, testkit.Transport(t), wrapper.WithDownload(wrapper.DownloadPolicy{AllowPrivate: true}))
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(cause)
	_, waitErr := client.WaitForTask(ctx, taskID, wrapper.WaitOptions{})
	_, downloadErr := client.Download(ctx, url+"/a.png", io.Discard)
	errs := []error{waitErr, downloadErr}
	for _, err := range client.PurgeImagesTasks(ctx, slices.Values([]string{"a"}), wrapper.PurgeOptions{}) {
		errs = append(errs, err)
	}
	for i, err := range errs {
		if err == nil || !errors.Is(err, context.Canceled) || !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("%d: %v", i, err)
		}
		for e := err; e != nil; e = errors.Unwrap(e) {
			if text := fmt.Sprintf("%v %+v %#v", e, e, e); strings.Contains(text, testKey) {
				t.Errorf("%d holds the key: %s", i, text)
			}
		}
	}
}

// A 401 is about the key, also with a page for its body: a wait ends at once.
func TestAWaitEndsWithARejectedKey(t *testing.T) {
	t.Parallel()
	url, requests := testkit.Serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = io.WriteString(w, htmlPage)
	})
	_, err := newClient(t, url, testkit.Transport(t)).WaitForTask(t.Context(), taskID, wrapper.WaitOptions{})
	if !errors.Is(err, wrapper.ErrUnauthorized) || errors.Is(err, wrapper.ErrWaitTimeout) || requests.Load() != 1 {
		t.Errorf("%v after %d requests", err, requests.Load())
	}
}
