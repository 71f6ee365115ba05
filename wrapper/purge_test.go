package wrapper

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/send"
)

// What the error of one batch means for its halves and for the other batches.
func TestVerdictOf(t *testing.T) {
	t.Parallel()
	rejected := func(status, code int) error {
		return &APIError{HTTPStatus: status, Code: code, certainty: certainty{outcome: send.NotActed}}
	}
	inDoubt := func(status int) error {
		return &APIError{HTTPStatus: status, certainty: certainty{outcome: send.Unknown}}
	}
	failed := &APIError{HTTPStatus: 200, Code: CodeSuccess, deleteFailed: true, certainty: certainty{outcome: send.NotActed}}
	lost := &TransportError{Err: errors.New("reset"), certainty: certainty{outcome: send.Unknown}}
	for name, tt := range map[string]struct {
		err           error
		split, failed bool
		stop          error
	}{
		"success":               {nil, false, false, nil},
		"Failed":                {failed, true, false, nil},
		"9999":                  {rejected(200, CodeFailure), true, false, nil},
		"400":                   {rejected(400, 0), true, false, nil},
		"413":                   {rejected(413, 0), true, false, nil},
		"422":                   {rejected(422, CodeFailure), true, false, nil},
		"404":                   {rejected(404, 0), false, false, nil},
		"401":                   {rejected(401, CodeFailure), false, false, ErrUnauthorized},
		"9000":                  {rejected(200, CodeInsufficientCredits), false, false, ErrInsufficientCredits},
		"9000 with 413":         {rejected(413, CodeInsufficientCredits), false, false, ErrInsufficientCredits},
		"429":                   {rejected(429, CodeFailure), false, true, nil},
		"503":                   {rejected(503, CodeFailure), false, true, nil},
		"502":                   {inDoubt(502), false, true, nil},
		"a status that is none": {inDoubt(999), false, true, nil},
		"contract":              {&ContractError{HTTPStatus: 200, certainty: certainty{outcome: send.Unknown}}, false, true, nil},
		"no response":           {lost, false, true, nil},
		"an editor fails":       {invalid(opDeleteImagesTask, "", "no token"), false, true, nil},
	} {
		v := verdictOf(tt.err)
		if v.Err != tt.err || v.Split != tt.split || (v.Failed != nil) != tt.failed || v.Stop != tt.stop || v.Doubt != errors.Is(tt.err, ErrOutcomeUnknown) {
			t.Errorf("%s: %+v", name, v)
		}
		if v.Failed != nil && (errors.Is(v.Failed, ErrOutcomeUnknown) || errors.Is(v.Failed, ErrNotSent)) {
			t.Errorf("%s: what is known of one batch is said of another", name)
		}
	}
}

// The error of a part that was not sent alone is one line below 1 KB, whatever
// the service and the caller say.
func TestPartNotSentIsOneShortLine(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("long\nwords ", 500)
	rejection := &APIError{HTTPStatus: 400, Message: long, RequestID: "r", certainty: certainty{outcome: send.NotActed, repeatable: true}}
	reason := errors.New(long)
	err := batchNotSent(reason, rejection)
	if text := err.Error(); len(text) > 1000 || strings.Contains(text, "\n") || !strings.Contains(text, "HTTP 400") || !errors.Is(err, reason) || errors.Is(err, ErrNotSent) {
		t.Errorf("%d bytes: %s", len(text), text)
	}
	if errors.Is(rejection, reason) {
		t.Error("the error of the whole batch was changed")
	}
	if text := fmt.Sprintf("%#v", err); strings.Contains(text, "\n") || len(text) > 1100 {
		t.Errorf("%#v", err)
	}
	if value := err.(slog.LogValuer).LogValue().String(); len(value) > 2000 || strings.Contains(value, "\n") {
		t.Errorf("logged as %s", value)
	}
}

// A caller may change an error that is its own.
func TestEachBatchThatWasAbortedHasItsOwnError(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, "https://api.test", WithRequestEditor(func(context.Context, *http.Request) error {
		runtime.Goexit()
		return nil
	}))
	var got []*TransportError
	for _, err := range c.PurgeImagesTasks(t.Context(), slices.Values([]string{"a", "b"}), PurgeOptions{BatchSize: 1}) {
		var e *TransportError
		if !errors.As(err, &e) || !errors.Is(err, ErrOutcomeUnknown) {
			t.Fatalf("got %v", err)
		}
		got = append(got, e)
	}
	if len(got) != 2 || got[0] == got[1] {
		t.Errorf("got %v", got)
	}
}
