package conformance

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/internal/testkit"
	"github.com/tensorslab/tensorslab-go/internal/testkit/frozen"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// What CheckKey makes of a response: a key that is accepted, rejected, or unknown.
const (
	accepted = "accepted"
	rejected = "rejected"
	unknown  = "unknown"
)

func checked(err error) string {
	switch {
	case err == nil:
		return accepted
	case errors.Is(err, wrapper.ErrUnauthorized):
		return rejected
	}
	return unknown
}

func envelope(code int, msg string) string {
	body, _ := json.Marshal(map[string]any{"code": code, "msg": msg})
	return string(body)
}

const pageBody = "<!DOCTYPE html><title>no</title>"

var checkKeyRows = []struct {
	status int
	body   string
	want   string
}{
	{404, envelope(9999, "task not found"), accepted},
	{404, envelope(404, ""), accepted},
	{200, envelope(9999, "task not found"), accepted},
	{200, envelope(9999, "Query failed, error info: record not found"), accepted},
	{400, envelope(9999, "invalid taskid"), accepted},
	{200, `{"code":1000,"msg":"OK","data":{}}`, accepted},
	{401, "", rejected},
	{401, envelope(9999, "task not found"), rejected},
	{401, pageBody, rejected},
	{403, envelope(9999, "no"), rejected},
	{403, "", rejected},
	{200, envelope(401, "no"), rejected},
	{200, envelope(403, "no"), rejected},
	{400, envelope(401, "no"), rejected},
	{200, envelope(9999, "Invalid API key"), rejected},
	{200, envelope(9999, "token expired"), rejected},
	{404, envelope(9999, "unknown API key"), rejected},
	{422, envelope(1234, "authentication failed for this task"), rejected},
	{403, pageBody, unknown},
	{404, "", unknown},
	{404, pageBody, unknown},
	{404, `{"message":"no Route matched with those values"}`, unknown},
	{200, envelope(9999, ""), unknown},
	{200, envelope(9999, "system error"), unknown},
	{200, envelope(9999, "user does not exist"), unknown},
	{200, envelope(9999, "the task does not exist or does not belong to this API key"), unknown},
	{200, envelope(9999, "the rate limit of this API key is exceeded"), unknown},
	{200, envelope(9000, "not enough credits"), unknown},
	{200, envelope(7, "task not found"), unknown},
	{200, pageBody, unknown},
	{200, "", unknown},
	{200, `{"code":1000,"msg":"OK"}`, unknown},
	{200, completedBody, unknown}, // about another task
	{204, "", unknown},
	{302, envelope(9999, "task not found"), unknown},
	{407, "", unknown},
	{429, envelope(9999, "too many requests for this key"), unknown},
	{500, envelope(9999, "task not found"), unknown},
	{503, pageBody, unknown},
}

func TestCheckKey(t *testing.T) {
	t.Parallel()
	for _, tt := range checkKeyRows {
		t.Run(http.StatusText(tt.status)+" "+tt.body, func(t *testing.T) {
			t.Parallel()
			url, _ := testkit.Serve(t, testkit.Respond(tt.status, tt.body))
			for _, mode := range []wrapper.ValidationMode{wrapper.Enforce, wrapper.Report, wrapper.Off} {
				if mode != wrapper.Enforce && tt.want == unknown {
					continue // these modes pass on more
				}
				err := newRetryingClient(t, url, wrapper.WithValidation(mode)).CheckKey(t.Context())
				if got := checked(err); got != tt.want {
					t.Errorf("%v: %s, want %s (%v)", mode, got, tt.want, err)
				}
				if err != nil {
					checkText(t, err)
				}
			}
		})
	}
}

// One query is sent, for an id that is the same each time, with the key in the client's form.
func TestCheckKeySendsOneQuery(t *testing.T) {
	t.Parallel()
	url, requests := testkit.Serve(t, func(w http.ResponseWriter, r *http.Request) {
		var got struct{ TaskID string }
		if err := json.NewDecoder(r.Body).Decode(&got); err != nil || r.URL.Path != frozen.Path("infoByTaskId") || got.TaskID == "" {
			t.Errorf("%s %+v, %v", r.URL.Path, got, err)
		}
		if r.Header.Get("Authorization") == "Bearer "+testKey {
			testkit.Respond(200, envelope(9999, "Invalid API key"))(w, r)
			return
		}
		testkit.Respond(404, envelope(9999, "task not found"))(w, r)
	})
	err := newRetryingClient(t, url).CheckKey(t.Context())
	if checked(err) != rejected || requests.Load() != 1 {
		t.Errorf("after %d requests: %v", requests.Load(), err)
	}
	for _, want := range []string{"rejected the key", "WithBareKey", "Invalid API key"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not contain %q", err, want)
		}
	}
	if err := newRetryingClient(t, url, wrapper.WithBareKey()).CheckKey(t.Context()); err != nil || requests.Load() != 2 {
		t.Errorf("after %d requests: %v", requests.Load(), err)
	}
}

// An unknown result says so, and still is what became of the query.
func TestCheckKeyUnknown(t *testing.T) {
	t.Parallel()
	const says = "it is unknown whether the service accepts the key"
	gone := testkit.ClosedPort(t)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	busy, _ := testkit.Serve(t, testkit.Respond(429, ""))
	page, _ := testkit.Serve(t, testkit.Respond(403, pageBody))
	lost, _ := testkit.Serve(t, testkit.HangUp)
	for name, tt := range map[string]struct {
		ctx context.Context
		url string
		is  error
	}{
		"closed port": {t.Context(), "http://" + strings.TrimPrefix(gone, "http://"), wrapper.ErrNotSent},
		"ended":       {ended, busy, context.Canceled},
		"busy":        {t.Context(), busy, wrapper.ErrRateLimited},
		"page":        {t.Context(), page, nil},
		"lost":        {t.Context(), lost, nil},
		"no context":  {nil, busy, wrapper.ErrInvalidRequest},
	} {
		err := newRetryingClient(t, tt.url).CheckKey(tt.ctx)
		if checked(err) != unknown || !strings.Contains(err.Error(), says) || tt.is != nil && !errors.Is(err, tt.is) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := new(wrapper.Client).CheckKey(t.Context()); checked(err) != unknown || !errors.Is(err, wrapper.ErrInvalidRequest) {
		t.Errorf("zero Client: %v", err)
	}
}

// The rejection of any other call is judged as before: a message alone ends no purge.
func TestCheckKeyChangesNoOtherCall(t *testing.T) {
	t.Parallel()
	url, _ := testkit.Serve(t, testkit.Respond(200, envelope(9999, "Invalid API key")))
	_, err := newRetryingClient(t, url).InfoByTaskID(t.Context(), taskID)
	if errors.Is(err, wrapper.ErrUnauthorized) || !errors.Is(err, wrapper.ErrFailure) || !strings.Contains(err.Error(), "WithBareKey") {
		t.Error(err)
	}
}

func TestCheckKeyAgainstTheFake(t *testing.T) {
	t.Parallel()
	fake := fakeapi.Start(t, fakeapi.WithKey(testKey))
	if err := newRetryingClient(t, fake.URL).CheckKey(t.Context()); err != nil {
		t.Error(err)
	}
	other, err := wrapper.NewClient("another-key", wrapper.WithBaseURL(fake.URL))
	if err != nil {
		t.Fatal(err)
	}
	if err := other.CheckKey(t.Context()); checked(err) != rejected {
		t.Error(err)
	}
}
