package conformance

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/internal/testkit"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

func TestDeleteImagesTaskSendsWhatItIsGiven(t *testing.T) {
	t.Parallel()
	bodies := make(chan map[string]any, 1)
	url, _ := testkit.Serve(t, func(w http.ResponseWriter, r *http.Request) {
		var body map[string]any
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			t.Error(err)
		}
		bodies <- body
		testkit.Respond(200, successBody)(w, r)
	})
	c := newRetryingClient(t, url)
	tests := map[string]struct {
		req  generated.DeleteImagesTaskRequest
		want map[string]any
	}{
		"one":     {generated.DeleteImagesTaskRequest{TaskIDs: []string{"a"}}, map[string]any{"taskids": []any{"a"}}},
		"a uid":   {generated.DeleteImagesTaskRequest{TaskIDs: []string{"a"}, UID: "u"}, map[string]any{"taskids": []any{"a"}, "uid": "u"}},
		"repeats": {generated.DeleteImagesTaskRequest{TaskIDs: []string{"a", "a"}}, map[string]any{"taskids": []any{"a", "a"}}},
		"opaque ids": {generated.DeleteImagesTaskRequest{TaskIDs: []string{" a b ", `<"\>`, "漢\u2028", "\x01"}},
			map[string]any{"taskids": []any{" a b ", `<"\>`, "漢\u2028", "\x01"}}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			resp, err := c.DeleteImagesTask(t.Context(), tt.req)
			if err != nil {
				t.Fatal(err)
			}
			want := &generated.DeleteImagesTaskResponse{Code: 1000, Msg: "Successfully", Data: generated.DeleteImagesTaskData{Status: "Success"}}
			if diff := cmp.Diff(want, resp); diff != "" {
				t.Errorf("response (-want +got):\n%s", diff)
			}
			body := <-bodies
			if tt.req.UID == "" && body["uid"] == "" {
				delete(body, "uid") // sent only if the contract of the generated code requires it
			}
			if diff := cmp.Diff(tt.want, body); diff != "" {
				t.Errorf("request (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDeleteImagesTaskRefusesBadRequests(t *testing.T) {
	t.Parallel()
	url, requests := testkit.Serve(t, testkit.Respond(200, successBody))
	c := newRetryingClient(t, url)
	ids := func(ids ...string) generated.DeleteImagesTaskRequest {
		return generated.DeleteImagesTaskRequest{TaskIDs: ids}
	}
	var noContext context.Context
	tests := map[string]struct {
		ctx   context.Context
		req   generated.DeleteImagesTaskRequest
		field string
	}{
		"nil context":        {noContext, ids("a"), ""},
		"nil ids":            {t.Context(), generated.DeleteImagesTaskRequest{}, "/taskids"},
		"no ids":             {t.Context(), generated.DeleteImagesTaskRequest{TaskIDs: []string{}}, "/taskids"},
		"an empty id":        {t.Context(), ids("a", ""), "/taskids/1"},
		"a blank id":         {t.Context(), ids("a", "b", " \t\r\n"), "/taskids/2"},
		"a no-break space":   {t.Context(), ids("\u00a0"), "/taskids/0"},
		"invalid UTF-8":      {t.Context(), ids("a\xff"), "/taskids/0"},
		"invalid at its end": {t.Context(), ids(strings.Repeat("a", 100) + "\xc3"), "/taskids/0"},
		"invalid UTF-8 uid":  {t.Context(), generated.DeleteImagesTaskRequest{TaskIDs: []string{"a"}, UID: "\xff"}, "/uid"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			resp, err := c.DeleteImagesTask(tt.ctx, tt.req)
			var e *wrapper.RequestError
			if resp != nil || !errors.As(err, &e) || !errors.Is(err, wrapper.ErrInvalidRequest) || e.Field != tt.field {
				t.Errorf("got %v, %v", resp, err)
			}
		})
	}
	if n := requests.Load(); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}

func TestDeleteImagesTaskFailed(t *testing.T) {
	t.Parallel()
	for _, status := range []string{"Failed", "failed", "FAILED"} {
		url, requests := testkit.Serve(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("X-Request-Id", "req-1")
			testkit.Respond(200, `{"code":1000,"msg":"Successfully","data":{"status":"`+status+`"}}`)(w, r)
		})
		resp, err := newRetryingClient(t, url).DeleteImagesTask(t.Context(), oneID)
		var e *wrapper.APIError
		if resp != nil || !errors.As(err, &e) {
			t.Fatalf("got %v, %v", resp, err)
		}
		if got := matching(err); got != "DeleteFailed" {
			t.Errorf("%s matches %q", status, got)
		}
		if e.Code != 1000 || e.HTTPStatus != 200 || e.Attempts != 1 || e.RequestID != "req-1" || e.Message != "Successfully" || len(e.Body) == 0 {
			t.Errorf("%s: %#v", status, e)
		}
		if requests.Load() != 1 {
			t.Errorf("%s: sent %d times", status, requests.Load())
		}
	}
}

// With validation off, the method still claims nothing that the service did not say.
func TestDeleteImagesTaskWithoutValidation(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{}`, `null`, `[]`, `{"msg":"x"}`, `{"code":"1000","msg":"x"}`, `{"code":1000.0}`, `{"data":{"status":5}}`, `"Success"`} {
		url, _ := testkit.Serve(t, testkit.Respond(200, body))
		for _, mode := range []wrapper.ValidationMode{wrapper.Report, wrapper.Off} {
			resp, err := newRetryingClient(t, url, wrapper.WithValidation(mode), wrapper.WithLogger(slog.New(slog.DiscardHandler))).DeleteImagesTask(t.Context(), oneID)
			var e *wrapper.ContractError
			if resp != nil || !errors.As(err, &e) || !errors.Is(err, wrapper.ErrOutcomeUnknown) || e.Operation != "deleteImagesTask" {
				t.Errorf("%s, %v: got %v, %v", body, mode, resp, err)
			}
		}
	}
}
