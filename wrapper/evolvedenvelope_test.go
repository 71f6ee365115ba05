package wrapper

import (
	"errors"
	"fmt"
	"net/http"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/testkit"
)

// The codes 1000, 9000 and 9999 mean something in an envelope alone.
func TestEnvelopeIsARuleOfTheContract(t *testing.T) {
	t.Parallel()
	const asJSON, success, failure = "application/json", "[]", "[Failure]"
	s := serviceOf(t, "envelopes.json")
	for _, tt := range []struct {
		operation, contentType, body string
		want                         string
	}{
		{"strict", asJSON, `{"code":1000,"msg":"OK"}`, success},
		{"strict", asJSON, `{"code":9999,"msg":"no"}`, failure},
		{"strict", asJSON, `{"code":9000,"msg":"no"}`, "[InsufficientCredits]"},
		{"strict", asJSON, `{"code":9999}`, "[Contract]"},
		{"strict", asJSON, `{"code":9999,"msg":null}`, "[Contract]"},
		{"strict", asJSON, `{"msg":"OK"}`, "[Contract]"},
		{"loose", asJSON, `{"code":1000}`, success},
		{"loose", asJSON, `{"code":9999}`, failure},
		{"loose", asJSON, `{"code":9999,"msg":null}`, failure},
		{"loose", asJSON, `{"code":9000,"msg":null}`, "[InsufficientCredits]"},
		{"loose", asJSON, `{"code":7,"msg":null}`, "[]API"},
		{"loose", asJSON, `{}`, "[Contract]"},
		{"loose", asJSON, `{"code":null,"msg":null}`, "[Contract]"},
		{"loose", asJSON, `{"code":9999,"msg":5}`, "[Contract]"},
		{"coupon", asJSON, `{"code":9999,"discount":0.5}`, success},
		{"coupon", asJSON, `{"code":9000,"msg":"a word of the coupon's"}`, success},
		{"coupon", asJSON, `{"code":"x"}`, "[Contract]"},
		{"file", "application/x-ndjson", "{\"code\":9999,\"msg\":\"a line\"}\n{\"code\":1}\n", success},
		{"file", "image/png", `{"code":9999,"msg":"no"}`, success},
		{"file", "application/octet-stream", `{"code":9999,"msg":"no"}`, success},
		{"either", "application/x-ndjson", `{"code":9999,"msg":"a line"}`, success},
		{"either", asJSON, `{"code":9999,"msg":"no"}`, failure},
		{"either", "text/plain", `{"code":9999,"msg":"no"}`, failure},
		{"text", "text/plain; charset=utf-8", `{"code":1000,"msg":"OK"}`, success},
		{"text", "text/plain", `{"code":9999,"msg":"no"}`, failure},
		{"text", "text/plain", `{"code":9000,"msg":"no"}`, "[InsufficientCredits]"},
		{"text", "text/plain", `{"msg":"OK"}`, "[Contract]"},
		{"text", "text/plain", `{"code":1000}`, "[Contract]"},
		{"text", "text/plain", `OK`, "[Contract]"},
		{"text", asJSON, `{"code":9999,"msg":"no"}`, failure},
		{"text", asJSON, `{"code":1000,"msg":"OK"}`, "[Contract]"}, // of which the contract says nothing
		{"words", "text/plain", `{"code":9999,"msg":"no"}`, failure},
		{"words", "text/plain", `{"code":1000,"msg":"OK"}`, success},
		{"words", "text/plain", `it is done`, success},
		{"words", "image/png", `{"code":9999,"msg":"no"}`, success},
		{"xml", "application/xml", `{"code":9999,"msg":"no"}`, failure},
		{"xml", "application/xml", `<code>9999</code>`, success},
		{"any", "application/problem+json", `{"code":9999,"msg":"no"}`, failure},
		{"any", "application/xml", `<code>1000</code>`, "[Contract]"},
		{"any", "application/xml", `{"code":9999,"msg":"no"}`, failure},
	} {
		t.Run(fmt.Sprint(tt.operation, " ", tt.contentType, " ", tt.body), func(t *testing.T) {
			t.Parallel()
			base, _ := testkit.Serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", tt.contentType)
				fmt.Fprint(w, tt.body)
			})
			got, err := through(t, newEvolvedClient(t, s, base), http.MethodGet, "/v1/"+tt.operation, nil)
			verdict := fmt.Sprint(matching(err))
			if verdict == success && err != nil && errors.As(err, new(*APIError)) {
				verdict += "API"
			}
			if verdict != tt.want || err == nil && got != tt.body {
				t.Errorf("%s, %v: %q; want %s", verdict, err, got, tt.want)
			}
		})
	}
}

// A code in another body than the envelope says nothing of the effect either: a
// rejection stays one, and no credits are missing.
func TestCodesOutsideOfAnEnvelopeAreNotRead(t *testing.T) {
	t.Parallel()
	s := serviceOf(t, "envelopes.json")
	for body, want := range map[string]string{
		`{"code":1000,"msg":"limit is 1000"}`:         "0 limit is 1000 []",
		`{"code":9000,"msg":"no"}`:                    "0 no []",
		`{"code":9999}`:                               "0  []",
		`{"data":{"taskid":"abcd_1234567890abcdef"}}`: "0  [OutcomeUnknown]",
	} {
		base, _ := testkit.Serve(t, testkit.Respond(http.StatusBadRequest, body))
		_, err := through(t, newEvolvedClient(t, s, base), http.MethodPost, "/v1/create", nil)
		var rejected *APIError
		if !errors.As(err, &rejected) {
			t.Errorf("%s: %v", body, err)
			continue
		}
		if got := fmt.Sprint(rejected.Code, " ", rejected.Message, " ", matching(err)); got != want {
			t.Errorf("%s: %s, want %s", body, got, want)
		}
	}
}

// A status that is documented without a body needs no code, and may hold a failure.
func TestSuccessWithoutABodyNeedsNoCode(t *testing.T) {
	t.Parallel()
	s := serviceOf(t, "envelopes.json")
	for _, tt := range []struct {
		status     int
		body, want string
	}{
		{http.StatusNoContent, "", "[]"},
		{http.StatusAccepted, "", "[]"},
		{http.StatusAccepted, `{"id":"x"}`, "[]"},
		{http.StatusAccepted, `{"code":9999,"msg":"no"}`, "[Failure]"},
		{http.StatusOK, `{"id":"x"}`, "[Contract]"},
		{http.StatusOK, "", "[Contract]"},
	} {
		base, _ := testkit.Serve(t, testkit.Respond(tt.status, tt.body))
		_, err := through(t, newEvolvedClient(t, s, base), http.MethodGet, "/v1/gone", nil)
		if got := fmt.Sprint(matching(err)); got != tt.want || got == "[]" && err != nil {
			t.Errorf("%d %s: %s, %v; want %s", tt.status, tt.body, got, err, tt.want)
		}
	}
}
