package wrapper

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/internal/testkit"
)

// received sends one deletion with the given options and returns the request
// as the server got it.
func received(t *testing.T, opts ...Option) *http.Request {
	t.Helper()
	got := make(chan *http.Request, 1)
	url, _ := testkit.Serve(t, func(w http.ResponseWriter, r *http.Request) {
		got <- r.Clone(context.Background())
		testkit.Respond(200, testkit.DeletedBody)(w, r)
	})
	if _, err := newTestClient(t, url, opts...).DeleteImagesTask(t.Context(), oneTask); err != nil {
		t.Fatal(err)
	}
	return <-got
}

func TestOptionsThatShapeTheRequest(t *testing.T) {
	t.Parallel()
	setHeader := func(name, value string) Option {
		return WithRequestEditor(func(_ context.Context, req *http.Request) error {
			req.Header.Set(name, value)
			return nil
		})
	}
	tests := []struct {
		name, header, want string
		opts               []Option
	}{
		{"the key by default", "Authorization", "Bearer " + testKey, nil},
		{"WithBareKey", "Authorization", testKey, []Option{WithBareKey()}},
		{"User-Agent by default", "User-Agent", "tensorslab-go/" + Version, nil},
		{"WithUserAgent", "User-Agent", "job/2 tensorslab-go/" + Version, []Option{WithUserAgent(" job/2 ")}},
		{"WithRequestEditor", "X-Trace", "1", []Option{setHeader("X-Trace", "1")}},
		{"two editors, in order", "X-Trace", "2", []Option{setHeader("X-Trace", "1"), setHeader("X-Trace", "2")}},
		{"an editor can't replace the key", "Authorization", "Bearer " + testKey, []Option{setHeader("Authorization", "other")}},
		{"no Idempotency-Key", "Idempotency-Key", "", nil},
		{"media type", "Content-Type", "application/json", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := received(t, tt.opts...).Header.Get(tt.header); got != tt.want {
				t.Errorf("%s = %q, want %q", tt.header, got, tt.want)
			}
		})
	}
}

func TestWithHTTPClientIsCopied(t *testing.T) {
	t.Parallel()
	used := false
	hc := &http.Client{Transport: testkit.RoundTripFunc(func(req *http.Request) (*http.Response, error) {
		used = true
		return http.DefaultTransport.RoundTrip(req)
	})}
	received(t, WithHTTPClient(hc))
	if !used {
		t.Error("the given transport was not used")
	}
	if hc.CheckRedirect != nil || hc.Timeout != 0 {
		t.Error("the given client was changed")
	}
}

func TestWithMaxResponseBytes(t *testing.T) {
	t.Parallel()
	url, _ := testkit.Serve(t, testkit.Respond(200, testkit.DeletedBody))
	size := int64(len(testkit.DeletedBody))
	if _, err := newTestClient(t, url, WithMaxResponseBytes(size)).DeleteImagesTask(t.Context(), oneTask); err != nil {
		t.Errorf("at the limit: %v", err)
	}
	_, err := newTestClient(t, url, WithMaxResponseBytes(size-1)).DeleteImagesTask(t.Context(), oneTask)
	if !errors.Is(err, ErrResponseTooLarge) || !errors.Is(err, ErrContract) {
		t.Errorf("over the limit: %v", err)
	}
}

func TestRequestEditorFails(t *testing.T) {
	t.Parallel()
	url, requests := testkit.Serve(t, testkit.Respond(200, testkit.DeletedBody))
	mine := errors.New("no token")
	c := newTestClient(t, url, WithRequestEditor(func(context.Context, *http.Request) error { return mine }))
	_, err := c.DeleteImagesTask(t.Context(), oneTask)
	var e *RequestError
	if !errors.As(err, &e) || !errors.Is(err, mine) || !errors.Is(err, ErrNotSent) || e.Operation != "deleteImagesTask" {
		t.Errorf("got %v", err)
	}
	if requests.Load() != 0 {
		t.Error("a request was sent")
	}
}

func TestOptionErrorsAreReportedTogether(t *testing.T) {
	t.Parallel()
	bad := map[string]Option{
		"WithBaseURL":          WithBaseURL("ftp://h"),
		"WithHTTPClient":       WithHTTPClient(nil),
		"WithUserAgent":        WithUserAgent("a\nb"),
		"WithRequestEditor":    WithRequestEditor(nil),
		"WithRetry":            WithRetry(RetryPolicy{MaxAttempts: -1}),
		"WithTimeout":          WithTimeout(0),
		"WithMaxResponseBytes": WithMaxResponseBytes(-1),
		"WithLogger":           WithLogger(nil),
		"WithValidation":       WithValidation(3),
		"option ":              nil,
	}
	var all []Option
	for _, opt := range bad {
		all = append(all, opt)
	}
	c, err := NewClient("", all...)
	if c != nil || !errors.Is(err, ErrInvalidOption) || !errors.Is(err, ErrInvalidKey) {
		t.Fatalf("got %v, %v", c, err)
	}
	for name, opt := range bad {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("%s is not reported: %v", name, err)
		}
		if _, one := NewClient(testKey, opt); !errors.Is(one, ErrInvalidOption) {
			t.Errorf("%s alone: %v", name, one)
		}
	}
}

func TestValidationModes(t *testing.T) {
	t.Parallel()
	const noData = `{"code":1000,"msg":"Successfully"}`
	url, _ := testkit.Serve(t, testkit.Respond(200, noData))
	call := func(mode ValidationMode) (*generated.DeleteImagesTaskResponse, string, error) {
		var log bytes.Buffer
		handler := slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelWarn})
		resp, err := newTestClient(t, url, WithValidation(mode), WithLogger(slog.New(handler))).DeleteImagesTask(t.Context(), oneTask)
		return resp, log.String(), err
	}
	if _, _, err := call(Enforce); !errors.Is(err, ErrContract) {
		t.Errorf("Enforce: %v", err)
	}
	resp, log, err := call(Report)
	if err != nil || resp.Msg != "Successfully" || !strings.Contains(log, "/data: required") {
		t.Errorf("Report: %v, %v, log %q", resp, err, log)
	}
	resp, log, err = call(Off)
	if err != nil || resp.Msg != "Successfully" || log != "" {
		t.Errorf("Off: %v, %v, log %q", resp, err, log)
	}
}

func TestValidationModeString(t *testing.T) {
	t.Parallel()
	for mode, want := range map[ValidationMode]string{Enforce: "Enforce", Report: "Report", Off: "Off", 7: "ValidationMode(7)"} {
		if got := mode.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
