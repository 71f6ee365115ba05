package wrapper

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/internal/testkit"
)

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
				url, _ := testkit.Serve(t, func(w http.ResponseWriter, r *http.Request) {
					w.Header().Set("X-Request-Id", "req-7")
					w.Header().Set("Retry-After", "3")
					testkit.Respond(status, tt.body)(w, r)
				})
				_, err := newTestClient(t, url).DeleteImagesTask(t.Context(), oneTask)
				var e *APIError
				if !errors.As(err, &e) {
					t.Fatal(err)
				}
				if e.HTTPStatus != status || e.Code != tt.code || e.Message != tt.message || e.RequestID != "req-7" || e.RetryAfter != 3*time.Second || e.Operation != "deleteImagesTask" {
					t.Errorf("%#v", e)
				}
				if want := tt.body[:min(len(tt.body), maxErrorBodyBytes)]; string(e.Body) != want {
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
			url, _ := testkit.Serve(t, tt.handler)
			_, err := newTestClient(t, url).DeleteImagesTask(t.Context(), oneTask)
			var e *APIError
			if !errors.As(err, &e) || !errors.Is(err, ErrUnauthorized) || !errors.Is(err, tt.cause) || !strings.HasPrefix(string(e.Body), "xx") {
				t.Errorf("got %v", err)
			}
		})
	}
}
