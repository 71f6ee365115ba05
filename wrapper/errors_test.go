package wrapper

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"math"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"
)

var sentinels = map[string]error{
	"InvalidRequest": ErrInvalidRequest, "InsufficientCredits": ErrInsufficientCredits, "Failure": ErrFailure,
	"DeleteFailed": ErrDeleteFailed, "Unauthorized": ErrUnauthorized, "RateLimited": ErrRateLimited,
	"Server": ErrServer, "Redirected": ErrRedirected, "Contract": ErrContract,
	"ResponseTooLarge": ErrResponseTooLarge, "NotSent": ErrNotSent, "OutcomeUnknown": ErrOutcomeUnknown,
	"InvalidKey": ErrInvalidKey, "InvalidOption": ErrInvalidOption,
}

// matching lists the sentinels that err matches, sorted by name.
func matching(err error) []string {
	names := []string{}
	for name, sentinel := range sentinels {
		if errors.Is(err, sentinel) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func TestErrorsMatchSentinels(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		err  error
		want string
	}{
		{"401", &APIError{HTTPStatus: 401}, "Unauthorized"},
		{"403 with code", &APIError{HTTPStatus: 403, Code: 9999}, "Failure Unauthorized"},
		{"429", &APIError{HTTPStatus: 429}, "RateLimited"},
		{"500", &APIError{HTTPStatus: 500, outcome: outcomeUnknown}, "OutcomeUnknown Server"},
		{"503", &APIError{HTTPStatus: 503}, "Server"},
		{"599", &APIError{HTTPStatus: 599, outcome: outcomeUnknown}, "OutcomeUnknown Server"},
		{"600 is no 5xx", &APIError{HTTPStatus: 600, outcome: outcomeUnknown}, "OutcomeUnknown"},
		{"302", &APIError{HTTPStatus: 302}, "Redirected"},
		{"9000", &APIError{HTTPStatus: 200, Code: 9000}, "InsufficientCredits"},
		{"9999", &APIError{HTTPStatus: 200, Code: 9999}, "Failure"},
		{"Failed", &APIError{HTTPStatus: 200, Code: 1000, deleteFailed: true}, "DeleteFailed"},
		{"an undocumented code", &APIError{HTTPStatus: 200, Code: 1234}, ""},
		{"refused after an unknown attempt", &APIError{HTTPStatus: 400, unknownBefore: true}, "OutcomeUnknown"},
		{"cut short", &APIError{HTTPStatus: 401, cause: ErrResponseTooLarge}, "ResponseTooLarge Unauthorized"},
		{"contract", &ContractError{outcome: outcomeUnknown, Violations: []Violation{{"", "json"}}}, "Contract OutcomeUnknown"},
		{"too large", &ContractError{outcome: outcomeUnknown, Violations: []Violation{{"", KeywordSize}}}, "Contract OutcomeUnknown ResponseTooLarge"},
		{"not sent", &TransportError{outcome: outcomeNotSent, Err: io.EOF}, "NotSent"},
		{"lost", &TransportError{outcome: outcomeUnknown, Err: io.EOF}, "OutcomeUnknown"},
		{"request", &RequestError{}, "InvalidRequest NotSent"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for _, err := range []error{tt.err, errors.Join(io.EOF, tt.err)} {
				if got := strings.Join(matching(err), " "); got != tt.want {
					t.Errorf("matches %q, want %q", got, tt.want)
				}
			}
		})
	}
}

// texts are errors with the longest and strangest parts.
func texts() map[string]error {
	const long = 5000
	nasty := strings.Repeat("\x00\r\n\u202e\u2028\xff\"\\é漢", long)
	return map[string]error{
		"api": &APIError{Operation: "deleteImagesTask", HTTPStatus: 200, Code: math.MinInt, Message: nasty, RequestID: nasty,
			Attempts: math.MaxInt, RetryAfter: 1<<63 - 1, unknownBefore: true, Body: []byte("BODY")},
		"rate limit": &APIError{Operation: "deleteImagesTask", HTTPStatus: 429, Message: nasty, RequestID: nasty, RetryAfter: 1<<63 - 1},
		"contract": &ContractError{Operation: "deleteImagesTask", HTTPStatus: 200, RequestID: nasty, Attempts: 9, outcome: outcomeUnknown,
			Violations: slices.Repeat([]Violation{{"/" + nasty, "required"}}, 64)},
		"transport": &TransportError{Operation: "deleteImagesTask", Attempts: 3, Err: errors.New(nasty), outcome: outcomeUnknown},
		"request":   &RequestError{Operation: "deleteImagesTask", Field: nasty, Reason: nasty, Err: errors.New(nasty)},
	}
}

func TestErrorTextIsOneShortPrintableLine(t *testing.T) {
	t.Parallel()
	for name, err := range texts() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := err.Error()
			if len(text) >= 1024 || !utf8.ValidString(text) || strings.Contains(text, "BODY") {
				t.Errorf("%d bytes: %s", len(text), text)
			}
			if i := strings.IndexFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }); i >= 0 {
				t.Errorf("unprintable at %d: %q", i, text)
			}
		})
	}
}

func TestErrorsLogThemselves(t *testing.T) {
	t.Parallel()
	for name, err := range texts() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			slog.New(slog.NewJSONHandler(&out, nil)).Error("failed", "error", err)
			line := out.String()
			if !strings.Contains(line, `"operation":"deleteImagesTask"`) || !strings.Contains(line, `"outcome":"`) {
				t.Errorf("lacks operation or outcome: %s", line)
			}
			if strings.Contains(line, "BODY") || len(line) > 4096 {
				t.Errorf("%d bytes: %s", len(line), line)
			}
		})
	}
}

func TestUnauthorizedNamesTheOtherKeyForm(t *testing.T) {
	t.Parallel()
	url, _ := serve(t, answers(http.StatusUnauthorized, `{"code":9999,"msg":"invalid key"}`))
	_, bare := newTestClient(t, url).DeleteImagesTask(t.Context(), oneTask)
	if bare == nil || !strings.Contains(bare.Error(), "with WithBearer") {
		t.Errorf("bare: %v", bare)
	}
	_, bearer := newTestClient(t, url, WithBearer()).DeleteImagesTask(t.Context(), oneTask)
	if bearer == nil || !strings.Contains(bearer.Error(), "without WithBearer") {
		t.Errorf("bearer: %v", bearer)
	}
}

func TestTransportErrorTimeout(t *testing.T) {
	t.Parallel()
	tests := []struct {
		err  error
		want bool
	}{
		{context.DeadlineExceeded, true},
		{&net.OpError{Op: "read", Err: context.DeadlineExceeded}, true},
		{context.Canceled, false},
		{io.ErrUnexpectedEOF, false},
	}
	for _, tt := range tests {
		if e := (&TransportError{Err: tt.err}); e.Timeout() != tt.want {
			t.Errorf("%v: Timeout = %t", tt.err, !tt.want)
		}
	}
	var _ interface{ Timeout() bool } = (*TransportError)(nil)
}

func TestRetryAfterInTheText(t *testing.T) {
	t.Parallel()
	err := &APIError{Operation: "deleteImagesTask", HTTPStatus: 429, RetryAfter: 90 * time.Second}
	if !strings.Contains(err.Error(), "wait 1m30s") {
		t.Error(err)
	}
}
