package conformance

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/internal/testkit"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// records makes one deletion and returns the records that it logs.
func records(t *testing.T, url string, opts ...wrapper.Option) (list []map[string]any, text string) {
	t.Helper()
	var out bytes.Buffer
	logger := slog.New(slog.NewJSONHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))
	c := newRetryingClient(t, url, append(opts, wrapper.WithLogger(logger))...)
	_, _ = c.DeleteImagesTask(t.Context(), generated.DeleteImagesTaskRequest{TaskIDs: []string{"secret-id"}, UID: "secret-uid"})
	text = out.String()
	for line := range strings.Lines(text) {
		var record map[string]any
		if err := json.Unmarshal([]byte(line), &record); err != nil {
			t.Fatal(err)
		}
		list = append(list, record)
	}
	return list, text
}

func TestEachAttemptIsLogged(t *testing.T) {
	t.Parallel()
	url, _ := testkit.Serve(t, testkit.Sequence(testkit.Respond(500, "secret-body"), testkit.HangUp, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Request-Id", "req-3")
		testkit.Respond(200, successBody)(w, r)
	}))
	list, text := records(t, url)
	if len(list) != 3 {
		t.Fatalf("%d records:\n%s", len(list), text)
	}
	for i, want := range []struct {
		level  string
		status any
	}{{"WARN", 500.0}, {"WARN", nil}, {"DEBUG", 200.0}} {
		r := list[i]
		if r["level"] != want.level || r["status"] != want.status || r["attempt"] != float64(i+1) || r["operation"] != "deleteImagesTask" {
			t.Errorf("record %d: %v", i, r)
		}
		if d, ok := r["duration"].(float64); !ok || d <= 0 {
			t.Errorf("record %d has no duration: %v", i, r)
		}
	}
	if list[2]["request_id"] != "req-3" {
		t.Errorf("no request id: %v", list[2])
	}
	if cause, _ := list[1]["error"].(map[string]any); cause["kind"] != "transport" || cause["outcome"] != "unknown" {
		t.Errorf("the lost attempt: %v", list[1])
	}
}

func TestLogsHoldNoSecret(t *testing.T) {
	t.Parallel()
	echo := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Request-Id", "for "+r.Header.Get("Authorization"))
		testkit.Respond(401, `{"code":9999,"msg":"secret-body `+r.Header.Get("Authorization")+`"}`)(w, r)
	}
	url, _ := testkit.Serve(t, echo)
	broken := &http.Client{Transport: testkit.RoundTripFunc(func(r *http.Request) (*http.Response, error) {
		return nil, errors.New("cannot send " + r.Header.Get("Authorization"))
	})}
	for name, opts := range map[string][]wrapper.Option{
		"refusal": nil, "bare": {wrapper.WithBareKey()}, "transport": {wrapper.WithHTTPClient(broken)},
	} {
		_, text := records(t, url, opts...)
		for _, secret := range []string{testKey, "secret-id", "secret-uid", "secret-body"} {
			if text == "" || strings.Contains(text, secret) {
				t.Errorf("%s: holds %s:\n%s", name, secret, text)
			}
		}
	}
}
