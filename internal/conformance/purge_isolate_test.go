package conformance

import (
	"context"
	"errors"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/testkit"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

func TestIsolateFindsTheRefusedIDs(t *testing.T) {
	t.Parallel()
	refusals := map[string]func() (int, string){
		"Failed":               func() (int, string) { return 200, `{"code":1000,"msg":"","data":{"status":"Failed"}}` },
		"9999":                 func() (int, string) { return 200, `{"code":9999,"msg":"Delete failed"}` },
		"400":                  func() (int, string) { return 400, `` },
		"413":                  func() (int, string) { return 413, `` },
		"422":                  func() (int, string) { return 422, `<html>` },
		"413 with an envelope": func() (int, string) { return 413, `{"code":9999,"msg":"too large"}` },
	}
	for name, refusal := range refusals {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bad := map[string]bool{"task_0000003": true, "task_0000004": true, "task_0000096": true}
			server := &batchServer{}
			c := newRetryingClient(t, server.serve(t, func(ids []string) (int, string) {
				if slices.ContainsFunc(ids, func(id string) bool { return bad[id] }) {
					return refusal()
				}
				return succeed(ids)
			}))
			outcomes := outcomesOf(t, c.PurgeImagesTasks(t.Context(), slices.Values(numbered(100)), wrapper.PurgeOptions{BatchSize: 25, Isolate: true}))
			for id, err := range outcomes {
				if (err != nil) != bad[id] || errors.Is(err, wrapper.ErrOutcomeUnknown) || errors.Is(err, wrapper.ErrNotSent) {
					t.Errorf("%s: %v", id, err)
				}
			}
			if len(outcomes) != 100 || len(server.sizes()) > 30 {
				t.Errorf("%d ids in %d requests", len(outcomes), len(server.sizes()))
			}
		})
	}
}

func TestIsolateDoesNotSplitWhatAHalfWouldMeetAgain(t *testing.T) {
	t.Parallel()
	for status, body := range map[int]string{
		200: `{"code":9000,"msg":""}`, 429: `{"code":9999,"msg":""}`, 500: `{"code":9999,"msg":""}`, 503: `{"code":9999,"msg":""}`, 404: ``,
		401: `{"code":9999,"msg":""}`, 403: `{"code":9999,"msg":""}`, 413: `{"code":9000,"msg":""}`,
	} {
		server := &batchServer{}
		c := newRetryingClient(t, server.serve(t, func([]string) (int, string) { return status, body }), once)
		outcomesOf(t, c.PurgeImagesTasks(t.Context(), slices.Values(numbered(8)), wrapper.PurgeOptions{Isolate: true}))
		if got := server.sizes(); !slices.Equal(got, []int{8}) {
			t.Errorf("HTTP %d: batches of %v", status, got)
		}
	}
}

// A service that takes few ids at a time: a batch that is too large for it is
// divided until it is small enough, and every id is deleted.
func TestIsolateDividesWhatIsTooLarge(t *testing.T) {
	t.Parallel()
	server := &batchServer{}
	c := newRetryingClient(t, server.serve(t, func(ids []string) (int, string) {
		if len(ids) > 30 {
			return 413, ``
		}
		return succeed(ids)
	}))
	outcomes := outcomesOf(t, c.PurgeImagesTasks(t.Context(), slices.Values(numbered(100)), wrapper.PurgeOptions{Isolate: true}))
	for id, err := range outcomes {
		if err != nil {
			t.Errorf("%s: %v", id, err)
		}
	}
	if got := server.sizes(); len(outcomes) != 100 || !slices.Equal(got, []int{25, 25, 25, 25, 50, 50, 100}) {
		t.Errorf("%d ids in batches of %v", len(outcomes), got)
	}
}

// Halves that are kept back were sent before, as parts of the batch: the rejection
// of it is not lost, and no error says that nothing was sent.
func TestIsolateKeepsTheRejection(t *testing.T) {
	t.Parallel()
	reject, dropped := testkit.Respond(400, `{"code":9999,"msg":"which id?"}`), testkit.HangUp
	for name, tt := range map[string]struct {
		handlers []http.HandlerFunc
		cancel   bool
		want     string // the sentinels of the halves that are kept back
		reason   error
	}{
		"the key":              {[]http.HandlerFunc{reject, testkit.Respond(401, ``)}, false, "Failure Unauthorized", wrapper.ErrUnauthorized},
		"credits":              {[]http.HandlerFunc{reject, testkit.Respond(200, `{"code":9000,"msg":""}`)}, false, "Failure InsufficientCredits", wrapper.ErrInsufficientCredits},
		"an outage":            {[]http.HandlerFunc{reject, testkit.Respond(503, ``), testkit.Respond(503, ``), testkit.Respond(503, ``)}, false, "Failure Server", wrapper.ErrServer},
		"the context":          {[]http.HandlerFunc{reject}, true, "Failure", context.Canceled},
		"in doubt and the key": {[]http.HandlerFunc{dropped, reject, testkit.Respond(401, ``)}, false, "Failure OutcomeUnknown Unauthorized", wrapper.ErrUnauthorized},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var edits atomic.Int32
			editor := wrapper.WithRequestEditor(func(context.Context, *http.Request) error {
				if edits.Add(1) == 2 && tt.cancel {
					cancel()
				}
				return nil
			})
			url, _ := testkit.Serve(t, testkit.Sequence(tt.handlers...))
			c := newRetryingClient(t, url, editor)
			outcomes := outcomesOf(t, c.PurgeImagesTasks(ctx, slices.Values(numbered(4)), wrapper.PurgeOptions{Isolate: true, StopAfter: 1}))
			if len(outcomes) != 4 {
				t.Errorf("%d ids", len(outcomes))
			}
			for _, id := range numbered(4)[2:] {
				err := outcomes[id]
				var rejection *wrapper.APIError
				if matching(err) != tt.want || !errors.Is(err, tt.reason) || !errors.As(err, &rejection) || rejection.HTTPStatus != 400 {
					t.Errorf("%s: %v (%s)", id, err, matching(err))
				}
				if text := err.Error(); strings.Contains(text, "nothing was sent") || strings.Contains(text, "\n") || len(text) > 1000 {
					t.Errorf("%s: %q", id, text)
				}
			}
		})
	}
}

// The first request may have deleted the whole batch, so that the refusal of
// each id afterwards is not the whole truth.
func TestIsolateRemembersAnUnknownAttempt(t *testing.T) {
	t.Parallel()
	refuse := testkit.Respond(200, `{"code":9999,"msg":"no such task"}`)
	url, _ := testkit.Serve(t, testkit.Sequence(testkit.HangUp, refuse))
	outcomes := outcomesOf(t, newRetryingClient(t, url).PurgeImagesTasks(t.Context(), slices.Values(numbered(4)), wrapper.PurgeOptions{Isolate: true}))
	for id, err := range outcomes {
		if got := matching(err); got != "Failure OutcomeUnknown" {
			t.Errorf("%s: %v (%s)", id, err, got)
		}
	}
	if len(outcomes) != 4 {
		t.Errorf("%d ids", len(outcomes))
	}
}

// A purge does not yield the response, so it takes only Success, or no status,
// for a success.
func TestPurgeTakesOnlySuccess(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]string{
		`{}`: "", `{"status":""}`: "", `{"status":"Success"}`: "", `{"status":"success "}`: "",
		`{"status":"Partial"}`: "Contract OutcomeUnknown", `{"status":"Failure"}`: "Contract OutcomeUnknown", `{"status":"Failed "}`: "DeleteFailed",
	} {
		url, _ := testkit.Serve(t, testkit.Respond(200, `{"code":1000,"msg":"","data":`+data+`}`))
		outcomes := outcomesOf(t, newRetryingClient(t, url).PurgeImagesTasks(t.Context(), slices.Values(numbered(1)), wrapper.PurgeOptions{}))
		if got := matching(outcomes["task_0000000"]); got != want {
			t.Errorf("%s: %v (%s)", data, outcomes, got)
		}
	}
}

func TestAPurgeEndsWhenAHookEndsTheGoroutine(t *testing.T) {
	t.Parallel()
	url, _ := testkit.Serve(t, testkit.Respond(200, successBody))
	exit := wrapper.WithRequestEditor(func(context.Context, *http.Request) error {
		runtime.Goexit()
		return nil
	})
	outcomes := outcomesOf(t, newRetryingClient(t, url, exit).PurgeImagesTasks(t.Context(), slices.Values(numbered(3)), wrapper.PurgeOptions{}))
	for id, err := range outcomes {
		if got := matching(err); got != "OutcomeUnknown" {
			t.Errorf("%s: %v (%s)", id, err, got)
		}
	}
	if len(outcomes) != 3 {
		t.Errorf("%d ids", len(outcomes))
	}
}
