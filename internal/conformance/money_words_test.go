package conformance

import (
	"context"
	"errors"
	"fmt"
	"io"
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
