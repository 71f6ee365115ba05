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

	"github.com/tensorslab/tensorslab-go/internal/send"
	"github.com/tensorslab/tensorslab-go/internal/testkit"
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

var (
	inDoubt     = certainty{outcome: send.Unknown}
	doubtBefore = certainty{outcome: send.NotActed, doubtBefore: true}
)

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
		{"500", &APIError{HTTPStatus: 500, certainty: inDoubt}, "OutcomeUnknown Server"},
		{"503", &APIError{HTTPStatus: 503}, "Server"},
		{"599", &APIError{HTTPStatus: 599, certainty: inDoubt}, "OutcomeUnknown Server"},
		{"600 is no 5xx", &APIError{HTTPStatus: 600, certainty: inDoubt}, "OutcomeUnknown"},
		{"302", &APIError{HTTPStatus: 302}, "Redirected"},
		{"9000", &APIError{HTTPStatus: 200, Code: 9000}, "InsufficientCredits"},
		{"9999", &APIError{HTTPStatus: 200, Code: 9999}, "Failure"},
		{"Failed", &APIError{HTTPStatus: 200, Code: 1000, deleteFailed: true}, "DeleteFailed"},
		{"an undocumented code", &APIError{HTTPStatus: 200, Code: 1234}, ""},
		{"refused after an unknown attempt", &APIError{HTTPStatus: 400, certainty: doubtBefore}, "OutcomeUnknown"},
		{"cut short", &APIError{HTTPStatus: 401, cause: ErrResponseTooLarge}, "ResponseTooLarge Unauthorized"},
		{"contract", &ContractError{certainty: inDoubt, Violations: []Violation{{"", "json"}}}, "Contract OutcomeUnknown"},
		{"too large", &ContractError{certainty: inDoubt, Violations: []Violation{{"", KeywordSize}}}, "Contract OutcomeUnknown ResponseTooLarge"},
		{"not sent", &TransportError{certainty: certainty{outcome: send.NotSent}, Err: io.EOF}, "NotSent"},
		{"not sent, after an unknown attempt", &TransportError{certainty: certainty{outcome: send.NotSent, doubtBefore: true}, Err: io.EOF}, "OutcomeUnknown"},
		{"lost", &TransportError{certainty: inDoubt, Err: io.EOF}, "OutcomeUnknown"},
		{"request", &RequestError{}, "InvalidRequest NotSent"},
		{"request, after an unknown one", &RequestError{certainty: doubtBefore}, "InvalidRequest OutcomeUnknown"},
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
			Attempts: math.MaxInt, RetryAfter: 1<<63 - 1, certainty: doubtBefore, Body: []byte("BODY")},
		"rate limit": &APIError{Operation: "deleteImagesTask", HTTPStatus: 429, Message: nasty, RequestID: nasty, RetryAfter: 1<<63 - 1},
		"contract": &ContractError{Operation: "deleteImagesTask", HTTPStatus: 200, RequestID: nasty, Attempts: 9, certainty: inDoubt,
			Violations: slices.Repeat([]Violation{{"/" + nasty, "required"}}, 64)},
		"transport": &TransportError{Operation: "deleteImagesTask", Attempts: 3, Err: errors.New(nasty), certainty: inDoubt},
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
	url, _ := testkit.Serve(t, testkit.Respond(http.StatusUnauthorized, `{"code":9999,"msg":"invalid key"}`))
	_, bare := newTestClient(t, url, WithBareKey()).DeleteImagesTask(t.Context(), oneTask)
	if bare == nil || !strings.Contains(bare.Error(), `"Bearer <key>", without WithBareKey and TENSORSLAB_AUTH`) {
		t.Errorf("bare: %v", bare)
	}
	_, bearer := newTestClient(t, url).DeleteImagesTask(t.Context(), oneTask)
	if bearer == nil || !strings.Contains(bearer.Error(), "the bare key, with WithBareKey or TENSORSLAB_AUTH=bare") {
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

// The end of an error text says whether the service may have acted, and
// whether to repeat the request.
func TestAdvice(t *testing.T) {
	t.Parallel()
	tests := []struct {
		in   certainty
		want string
	}{
		{certainty{outcome: send.NotSent}, "nothing was sent"},
		{certainty{outcome: send.NotActed}, "the service did not act"},
		{certainty{outcome: send.Unknown}, "the service may have acted: before you repeat it, look at the credits and tasks in the web console"},
		{certainty{outcome: send.Unknown, repeatable: true}, "the service may have acted: repeating it is safe"},
		{certainty{outcome: send.Unknown, doubtBefore: true}, "the service may have acted: before you repeat it, look at the credits and tasks in the web console"},
		{certainty{outcome: send.NotSent, doubtBefore: true}, "this attempt had no effect, but an earlier one may have: before you repeat it, look at the credits and tasks in the web console"},
		{certainty{outcome: send.NotActed, doubtBefore: true, repeatable: true}, "this attempt had no effect, but an earlier one may have: repeating it is safe"},
	}
	for _, tt := range tests {
		if got := tt.in.advice(); got != tt.want {
			t.Errorf("%+v: %s", tt.in, got)
		}
	}
}
