package wrapper

import (
	"errors"
	"io"
	"math"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestRetryAfterHeader(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 30, 12, 0, 0, 0, time.UTC)
	tests := map[string]time.Duration{
		"":                               0,
		"0":                              0,
		"7":                              7 * time.Second,
		" 7 ":                            7 * time.Second,
		"007":                            7 * time.Second,
		"-1":                             0,
		"1.5":                            0,
		"7s":                             0,
		"+7":                             0,
		"0x10":                           0,
		"9223372036":                     9223372036 * time.Second,
		"9223372037":                     math.MaxInt64,
		"9223372036854775808":            math.MaxInt64,
		strings.Repeat("9", 400):         math.MaxInt64,
		"Fri, 30 Jan 2026 12:00:05 GMT":  5 * time.Second,
		"Friday, 30-Jan-26 12:00:05 GMT": 5 * time.Second,
		"Fri Jan 30 12:00:05 2026":       5 * time.Second,
		"Fri, 30 Jan 2026 11:59:59 GMT":  0,
		"Fri, 31 Dec 9999 23:59:59 GMT":  math.MaxInt64,
		"2026-01-30T12:00:05Z":           0,
	}
	for value, want := range tests {
		if got := retryAfter(http.Header{"Retry-After": {value}}, now); got != want {
			t.Errorf("%q: %v, want %v", value, got, want)
		}
	}
}

func TestAPIErrorFields(t *testing.T) {
	t.Parallel()
	page := strings.Repeat("<p>busy</p>", 1000)
	tests := []struct {
		name, body string
		code       int
		message    string
	}{
		{"envelope", `{"code":9999,"msg":"no","extra":1}`, 9999, "no"},
		{"code alone", `{"code":9999}`, 9999, ""},
		{"msg alone", `{"msg":"no"}`, 0, "no"},
		{"code of another type", `{"code":"9999","msg":"no"}`, 0, "no"},
		{"code too large", `{"code":9223372036854775808,"msg":"no"}`, 0, "no"},
		{"ambiguous", `{"code":1,"code":2,"msg":"no"}`, 0, ""},
		{"ambiguous by case", `{"code":1,"Code":2,"msg":"no"}`, 0, ""},
		{"HTML", page, 0, ""},
		{"empty", "", 0, ""},
		{"cut", `{"code":9999,"msg":"`, 0, ""},
		{"not an object", `[9999,"no"]`, 0, ""},
	}
	for _, status := range []int{400, 404, 422} {
		for _, tt := range tests {
			t.Run(strconv.Itoa(status)+" "+tt.name, func(t *testing.T) {
				t.Parallel()
				url, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
					w.Header().Set("X-Request-Id", "req-7")
					w.Header().Set("Retry-After", "3")
					answers(status, tt.body)(w, r)
				})
				_, err := newTestClient(t, url).DeleteImagesTask(t.Context(), oneTask)
				var e *APIError
				if !errors.As(err, &e) {
					t.Fatal(err)
				}
				if e.HTTPStatus != status || e.Code != tt.code || e.Message != tt.message || e.RequestID != "req-7" || e.RetryAfter != 3*time.Second || e.Operation != "deleteImagesTask" {
					t.Errorf("%#v", e)
				}
				if want := tt.body[:min(len(tt.body), MaxErrorBodyBytes)]; string(e.Body) != want {
					t.Errorf("%d bytes of body, want %d", len(e.Body), len(want))
				}
			})
		}
	}
}

// A refusal whose body is cut or too large is still a refusal, and says so.
func TestRefusalsWithUnreadableBodies(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		handler http.HandlerFunc
		cause   error
	}{
		"too large": {func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(403)
			_, _ = io.WriteString(w, strings.Repeat("x", 2*DefaultMaxResponseBytes))
		}, ErrResponseTooLarge},
		"cut": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			w.WriteHeader(403)
			_, _ = io.WriteString(w, "xx")
		}, io.ErrUnexpectedEOF},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, _ := serve(t, tt.handler)
			_, err := newTestClient(t, url).DeleteImagesTask(t.Context(), oneTask)
			var e *APIError
			if !errors.As(err, &e) || !errors.Is(err, ErrUnauthorized) || !errors.Is(err, tt.cause) || !strings.HasPrefix(string(e.Body), "xx") {
				t.Errorf("got %v", err)
			}
		})
	}
}
