package cli

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

func TestStatusOf(t *testing.T) {
	t.Parallel()
	for want, err := range map[int]error{
		0:   nil,
		1:   io.EOF,
		2:   Usagef("wrong"),
		3:   fmt.Errorf("wrapped: %w", Failf(Auth, "no key")),
		4:   Failf(Credits, "none left"),
		130: Failf(Interrupted, "stopped"),
	} {
		if got := StatusOf(err); got != want {
			t.Errorf("StatusOf(%v) = %d, want %d", err, got, want)
		}
	}
	if err := Usagef("cannot read: %w", io.EOF); !errors.Is(err, io.EOF) || err.Error() != "cannot read: EOF" {
		t.Errorf("%q does not wrap its cause", err)
	}
}

func TestFirstError(t *testing.T) {
	t.Parallel()
	if err := FirstError(nil, io.EOF, io.ErrClosedPipe); !errors.Is(err, io.EOF) {
		t.Errorf("error %v, want that of the first check that failed", err)
	}
	if err := FirstError(nil, nil); err != nil {
		t.Errorf("error %v without one", err)
	}
}

func TestStatusFor(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		failures int
		fault    fakeapi.Fault
		generate int
		query    int
	}{
		"success":     {1, fakeapi.Fault{}, OK, OK},
		"rate":        {9, fakeapi.Respond(429, "application/json", `{"code":429,"msg":"slow down"}`), Later, Later},
		"key":         {9, fakeapi.Respond(401, "application/json", `{"code":401,"msg":"no"}`), Auth, Auth},
		"credits":     {9, fakeapi.BusinessCode(9000, "no"), Credits, Credits},
		"failure":     {9, fakeapi.BusinessCode(9999, "no"), Failed, Failed},
		"gateway":     {9, fakeapi.Respond(502, "text/html", "<h1>"), Unknown, Later},
		"unavailable": {9, fakeapi.Respond(503, "text/html", "<h1>"), Unknown, Later},
		"lost":        {9, fakeapi.DropAnswer(), Unknown, Later},
		"malformed":   {9, fakeapi.MalformedBody(), Unknown, Failed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := fakeapi.Start(t, fakeapi.WithTasks("a"))
			client, err := wrapper.NewClient("key", wrapper.WithBaseURL(fake.URL), wrapper.WithRetry(wrapper.RetryPolicy{Backoff: 1}))
			if err != nil {
				t.Fatal(err)
			}
			fake.FailNext(tt.failures, tt.fault)
			_, err = client.Generate(t.Context(), wrapper.GenerateRequest{Prompt: "a"})
			if got := StatusFor(err); got != tt.generate {
				t.Errorf("generation: %d, want %d: %v", got, tt.generate, err)
			}
			_, err = client.InfoByTaskID(t.Context(), "a")
			if got := StatusFor(err); got != tt.query {
				t.Errorf("query: %d, want %d: %v", got, tt.query, err)
			}
		})
	}
}

func TestStatusForWhatWasNotSent(t *testing.T) {
	t.Parallel()
	client, err := wrapper.NewClient("key", wrapper.WithBaseURL("http://127.0.0.1:1"), wrapper.WithRetry(wrapper.RetryPolicy{Backoff: 1}))
	if err != nil {
		t.Fatal(err)
	}
	for prompt, want := range map[string]int{"a": Later, " ": Usage} {
		_, err = client.Generate(t.Context(), wrapper.GenerateRequest{Prompt: prompt})
		if got := StatusFor(err); got != want {
			t.Errorf("%q: %d: %v", prompt, got, err)
		}
	}
	for _, s := range []generated.ImageStatus{0, StatusProcessing} {
		if got := StatusFor(&wrapper.WaitError{Status: s, Err: wrapper.ErrWaitTimeout}); got != Unfinished {
			t.Errorf("a wait that ended with status %d: %d", s, got)
		}
	}
}

func TestWorst(t *testing.T) {
	t.Parallel()
	for i, worse := range ranks {
		for _, status := range ranks[i:] {
			if Worst(worse, status) != worse || Worst(status, worse) != worse {
				t.Errorf("of %d and %d: %d, %d", worse, status, Worst(worse, status), Worst(status, worse))
			}
		}
	}
	if got := Worst(99, 98); got != Failed {
		t.Errorf("of two that do not exist: %d", got)
	}
}
