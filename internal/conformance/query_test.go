package conformance

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/internal/testkit"
	"github.com/tensorslab/tensorslab-go/internal/testkit/frozen"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

const (
	taskID         = "abcd_1234567890abcdef"
	completedBody  = `{"code":1000,"msg":"OK","data":{"taskid":"abcd_1234567890abcdef","starttime":"2026-01-30 12:00:00","url":["https://example.com/image.jpg"],"image_status":3,"width":2048,"height":2048}}`
	processingBody = `{"code":1000,"msg":"OK","data":{"taskid":"abcd_1234567890abcdef","url":[],"image_status":2}}`
	failedBody     = `{"code":1000,"msg":"OK","data":{"taskid":"abcd_1234567890abcdef","url":[],"image_status":4,"error_message":"too many foxes"}}`
)

func TestInfoByTaskID(t *testing.T) {
	t.Parallel()
	url, requests := testkit.Serve(t, func(w http.ResponseWriter, r *http.Request) {
		var got map[string]any
		if err := json.NewDecoder(r.Body).Decode(&got); err != nil || len(got) != 1 || got["taskid"] != taskID || r.URL.Path != frozen.Path("infoByTaskId") {
			t.Errorf("%s %v, %v", r.URL.Path, got, err)
		}
		testkit.Respond(200, completedBody)(w, r)
	})
	got, err := newRetryingClient(t, url).InfoByTaskID(t.Context(), taskID)
	if err != nil {
		t.Fatal(err)
	}
	want := &generated.ImageInfoResponse{Code: 1000, Msg: "OK", Data: generated.ImageInfoData{
		TaskID: taskID, Starttime: "2026-01-30 12:00:00", URL: []string{"https://example.com/image.jpg"},
		ImageStatus: generated.ImageStatus(3), Width: 2048, Height: 2048,
	}}
	if d := cmp.Diff(want, got); d != "" || requests.Load() != 1 {
		t.Errorf("after %d requests -want +got:\n%s", requests.Load(), d)
	}
}

// Each response to a query, and the violations that the caller gets.
func TestInfoByTaskIDResponses(t *testing.T) {
	t.Parallel()
	data := func(data string) string { return `{"code":1000,"msg":"OK","data":` + data + `}` }
	tests := map[string]struct {
		body       string
		violations string // "" for a success
	}{
		"failed task":          {failedBody, ""},
		"nothing known":        {data(`{}`), ""},
		"more than is known":   {data(`{"image_status":3,"colour":"red"}`), ""},
		"any date":             {data(`{"starttime":"yesterday"}`), ""},
		"another task":         {data(`{"taskid":"other","image_status":3}`), "/data/taskid: const"},
		"no data":              {`{"code":1000,"msg":"OK"}`, "/data: required"},
		"data null":            {data(`null`), "/data: nullable"},
		"data a list":          {data(`[]`), "/data: type"},
		"width a fraction":     {data(`{"width":2.5}`), "/data/width: type"},
		"width 3.0":            {data(`{"width":3.0}`), "/data/width: type"},
		"width 3e0":            {data(`{"width":3e0}`), "/data/width: type"},
		"width too large":      {data(`{"width":9223372036854775808}`), "/data/width: type"},
		"width null":           {data(`{"width":null}`), ""},
		"url a text":           {data(`{"url":"https://example.com"}`), "/data/url: type"},
		"url of numbers":       {data(`{"url":["https://example.com",7]}`), "/data/url/1: type"},
		"url of null":          {data(`{"url":[null]}`), "/data/url/0: nullable"},
		"width a text":         {data(`{"width":"2048"}`), "/data/width: type"},
		"key in another case":  {data(`{"Image_Status":3}`), "/data/Image_Status: keyCase"},
		"repeated key":         {data(`{"image_status":2,"image_status":3}`), "/data/image_status: uniqueKeys"},
		"bytes after the JSON": {completedBody + "x", "json"},
		"width -1":             {data(`{"width":-1}`), ""},
		"task id a number":     {data(`{"taskid":7}`), "/data/taskid: type"},
		"task id null":         {data(`{"taskid":null}`), ""},
		"task id but for case": {data(`{"taskid":"ABCD_1234567890abcdef"}`), "/data/taskid: const"},
		"url null":             {data(`{"url":null}`), ""},
		"url an object":        {data(`{"url":{"0":"https://example.com"}}`), "/data/url: type"},
		"url of lists":         {data(`{"url":[["https://example.com"]]}`), "/data/url/0: type"},
		"nested":               {data(`{"url":` + strings.Repeat("[", 9000) + strings.Repeat("]", 9000) + `}`), "/data/url/0: type"},
		"nested too deep":      {data(`{"url":` + strings.Repeat("[", 20000) + strings.Repeat("]", 20000) + `}`), "json"},
		"nested unknown field": {data(`{"x":` + strings.Repeat(`{"x":`, 5000) + `1` + strings.Repeat("}", 5000) + `}`), ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, requests := testkit.Serve(t, testkit.Respond(200, tt.body))
			resp, err := newRetryingClient(t, url).InfoByTaskID(t.Context(), taskID)
			if tt.violations == "" {
				if err != nil || resp == nil {
					t.Errorf("%+v, %v", resp, err)
				}
				return
			}
			var e *wrapper.ContractError
			if !errors.As(err, &e) || listed(e.Violations) != tt.violations || requests.Load() != 1 {
				t.Errorf("%v after %d requests, want %s", err, requests.Load(), tt.violations)
			}
			if errors.Is(err, wrapper.ErrOutcomeUnknown) {
				t.Errorf("a query is in doubt: %v", err)
			}
		})
	}
}

func TestInfoByTaskIDIsRepeatedAndNeverInDoubt(t *testing.T) {
	t.Parallel()
	for name, handler := range map[string]http.HandlerFunc{
		"500": testkit.Respond(500, ""), "502": testkit.Respond(502, "<html>"), "429": testkit.Respond(429, ""),
		"lost": testkit.HangUp,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, requests := testkit.Serve(t, handler)
			_, err := newRetryingClient(t, url).InfoByTaskID(t.Context(), taskID)
			if err == nil || errors.Is(err, wrapper.ErrOutcomeUnknown) || requests.Load() != wrapper.DefaultMaxAttempts {
				t.Errorf("%v after %d requests", err, requests.Load())
			}
		})
	}
}

func TestInfoByTaskIDRefusals(t *testing.T) {
	t.Parallel()
	tests := []struct {
		status int
		body   string
		is     error
		text   string
	}{
		{404, `{"code":9999,"msg":"task not found"}`, wrapper.ErrNotFound, textNoSuchTask},
		{404, ``, wrapper.ErrNotFound, textCheckBaseURL},
		{401, `{"code":9999,"msg":"no"}`, wrapper.ErrUnauthorized, "WithBareKey"},
		{200, `{"code":9999,"msg":"no"}`, wrapper.ErrFailure, "no"},
	}
	for _, tt := range tests {
		url, requests := testkit.Serve(t, testkit.Respond(tt.status, tt.body))
		_, err := newRetryingClient(t, url).InfoByTaskID(t.Context(), taskID)
		if !errors.Is(err, tt.is) || !strings.Contains(err.Error(), tt.text) || requests.Load() != 1 {
			t.Errorf("%v after %d requests, want %v", err, requests.Load(), tt.is)
		}
	}
}

func TestInfoByTaskIDRefusesIDs(t *testing.T) {
	t.Parallel()
	url, requests := testkit.Serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, completedBody) })
	c := newRetryingClient(t, url)
	for _, id := range []string{"", " ", "\t\n", "a\xff"} {
		if _, err := c.InfoByTaskID(t.Context(), id); !errors.Is(err, wrapper.ErrInvalidRequest) || !strings.Contains(err.Error(), "/taskid") {
			t.Errorf("%q: %v", id, err)
		}
	}
	var none context.Context
	if _, err := c.InfoByTaskID(none, taskID); !errors.Is(err, wrapper.ErrInvalidRequest) {
		t.Error(err)
	}
	if requests.Load() != 0 {
		t.Errorf("%d requests", requests.Load())
	}
}

// A response about another task is refused, whatever the validation mode.
func TestInfoByTaskIDIsAboutTheTask(t *testing.T) {
	t.Parallel()
	for _, mode := range []wrapper.ValidationMode{wrapper.Enforce, wrapper.Report, wrapper.Off} {
		url, _ := testkit.Serve(t, testkit.Respond(200, completedBody))
		c := newRetryingClient(t, url, wrapper.WithValidation(mode))
		for range 2 { // the second response is known to be valid
			resp, err := c.InfoByTaskID(t.Context(), "other")
			if resp != nil || !errors.Is(err, wrapper.ErrContract) || strings.Contains(err.Error(), taskID) {
				t.Errorf("mode %d: %+v, %v", mode, resp, err)
			}
		}
		if _, err := c.InfoByTaskID(t.Context(), taskID); err != nil {
			t.Errorf("mode %d: %v", mode, err)
		}
	}
}

func TestNotFoundOfOtherOperationsSpeaksOfNoTask(t *testing.T) {
	t.Parallel()
	url, _ := testkit.Serve(t, testkit.Respond(404, `{"code":9999,"msg":"none"}`))
	_, err := newRetryingClient(t, url).DeleteImagesTask(t.Context(), oneID)
	if !errors.Is(err, wrapper.ErrNotFound) || strings.Contains(err.Error(), textShortNoSuchTask) || !strings.Contains(err.Error(), textRefused) {
		t.Error(err)
	}
}
