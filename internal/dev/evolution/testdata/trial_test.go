// Package evolved_test calls operations of the contract from which the module around
// it was generated. It is compiled in a copy of the module.
package evolved_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

const (
	key      = "key-of-the-evolution-tests"
	task     = "abcd_1234567890abcdef" // one that the service has
	jsonType = "application/json"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// trial is one operation and what its caller can rely on.
type trial struct {
	operation string // operationId
	request   string // method, path and query, as they are sent
	repeated  bool   // it is sent again where that is safe
	call      func(ctx context.Context, c *generated.ClientWithResponses) (any, error)
	response  string // a success that shows what is new
	want      any    // what call makes of it
	invalid   string // a response that violates what is new
	violation wrapper.Violation
	// refused sends what the contract does not allow; nil where the generated
	// types allow no such request.
	refused func(ctx context.Context, c *generated.ClientWithResponses) error
}

func (tr trial) run(t *testing.T) {
	t.Run("sent", tr.sent)
	t.Run("decoded", tr.decoded)
	t.Run("key refused", tr.keyRefused)
	t.Run("too large", tr.tooLarge)
	t.Run("violation", tr.violates)
	t.Run("repetition", tr.repetition)
	t.Run("refused here", tr.refusedHere)
	for name, f := range failures {
		t.Run(name, func(t *testing.T) { tr.fails(t, f) })
	}
}

// service starts a fake of the contract at hand, and a client of it.
func service(t *testing.T, serviceKey string, opts ...wrapper.Option) (*fakeapi.Server, *generated.ClientWithResponses) {
	t.Helper()
	srv := fakeapi.Start(t, fakeapi.WithKey(serviceKey), fakeapi.WithStrict(), fakeapi.WithTasks(task), fakeapi.WithUnknownTasksIgnored())
	client, err := wrapper.NewClient(key, append(opts, wrapper.WithBaseURL(srv.URL), wrapper.WithHTTPClient(srv.Client()))...)
	if err != nil {
		t.Fatal(err)
	}
	return srv, client.Generated()
}

// The fake takes the request for one of the contract, and the client takes its response.
func (tr trial) sent(t *testing.T) {
	srv, c := service(t, key)
	if _, err := tr.call(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	requests := srv.Requests()
	if len(requests) != 1 {
		t.Fatalf("%d requests; want one", len(requests))
	}
	r := requests[0]
	if got := strings.TrimSuffix(r.Method+" "+r.Path+"?"+r.Query, "?"); got != tr.request {
		t.Errorf("sent %s; want %s", got, tr.request)
	}
	if r.Status != http.StatusOK || r.Header.Get("Authorization") != "Bearer [redacted]" {
		t.Errorf("status %d, Authorization %q", r.Status, r.Header.Get("Authorization"))
	}
}

func (tr trial) decoded(t *testing.T) {
	srv, c := service(t, key)
	srv.FailNext(1, fakeapi.Respond(http.StatusOK, jsonType, tr.response))
	got, err := tr.call(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(tr.want, got); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

func (tr trial) keyRefused(t *testing.T) {
	_, c := service(t, "another-key")
	_, err := tr.call(t.Context(), c)
	tr.isRefusal(t, err, wrapper.ErrUnauthorized)
}

// isRefusal checks for an APIError of the operation that matches a sentinel.
func (tr trial) isRefusal(t *testing.T, err, sentinel error) {
	t.Helper()
	var refusal *wrapper.APIError
	if !errors.As(err, &refusal) || refusal.Operation != tr.operation || !errors.Is(err, sentinel) {
		t.Errorf("%v; want an APIError of %s that is %q", err, tr.operation, sentinel)
	}
}

func (tr trial) tooLarge(t *testing.T) {
	for limit, want := range map[int]error{len(tr.response): nil, len(tr.response) - 1: wrapper.ErrResponseTooLarge} {
		srv, c := service(t, key, wrapper.WithMaxResponseBytes(int64(limit)))
		srv.FailNext(1, fakeapi.Respond(http.StatusOK, jsonType, tr.response))
		if _, err := tr.call(t.Context(), c); !errors.Is(err, want) {
			t.Errorf("%d bytes with a limit of %d: %v; want %v", len(tr.response), limit, err, want)
		}
	}
}

func (tr trial) violates(t *testing.T) {
	srv, c := service(t, key)
	srv.FailNext(1, fakeapi.Respond(http.StatusOK, jsonType, tr.invalid))
	_, err := tr.call(t.Context(), c)
	var violated *wrapper.ContractError
	if !errors.As(err, &violated) || violated.Operation != tr.operation {
		t.Fatalf("%v; want a ContractError of %s", err, tr.operation)
	}
	if d := cmp.Diff([]wrapper.Violation{tr.violation}, violated.Violations); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

// Only what is safe to repeat is sent twice.
func (tr trial) repetition(t *testing.T) {
	srv, c := service(t, key, wrapper.WithRetry(wrapper.RetryPolicy{Backoff: time.Millisecond}))
	srv.FailNext(1, fakeapi.Respond(http.StatusServiceUnavailable, "", ""))
	_, err := tr.call(t.Context(), c)
	if tr.repeated && err != nil || !tr.repeated && !errors.Is(err, wrapper.ErrServer) {
		t.Errorf("repeated: %t; got %v", tr.repeated, err)
	}
	want := 1
	if tr.repeated {
		want = 2
	}
	if got := len(srv.Requests()); got != want {
		t.Errorf("%d requests; want %d", got, want)
	}
}

func (tr trial) refusedHere(t *testing.T) {
	if tr.refused == nil {
		t.Skip("the generated types allow no request that breaks the contract")
	}
	srv, c := service(t, key)
	err := tr.refused(t.Context(), c)
	if !errors.Is(err, wrapper.ErrInvalidRequest) || !errors.Is(err, wrapper.ErrNotSent) {
		t.Errorf("%v; want %v", err, wrapper.ErrInvalidRequest)
	}
	if n := len(srv.Requests()); n != 0 {
		t.Errorf("%d requests; want none", n)
	}
}

// failure is a response and the sentinel that its error matches.
type failure struct {
	fault    fakeapi.Fault
	sentinel error
	refusal  bool // an APIError
}

var failures = map[string]failure{
	"credits":      {fakeapi.BusinessCode(wrapper.CodeInsufficientCredits, "no"), wrapper.ErrInsufficientCredits, true},
	"failure":      {fakeapi.BusinessCode(wrapper.CodeFailure, "no"), wrapper.ErrFailure, true},
	"rate limit":   {fakeapi.RateLimit(60), wrapper.ErrRateLimited, true},
	"server":       {fakeapi.Respond(http.StatusInternalServerError, "text/html", "<html>"), wrapper.ErrServer, true},
	"redirect":     {fakeapi.Respond(http.StatusFound, "", "").WithHeader("Location", "/other"), wrapper.ErrRedirected, true},
	"no content":   {fakeapi.Respond(http.StatusNoContent, "", ""), wrapper.ErrContract, false},
	"page":         {fakeapi.Respond(http.StatusOK, "text/html", "<html>"), wrapper.ErrContract, false},
	"no envelope":  {fakeapi.Respond(http.StatusOK, jsonType, "{}"), wrapper.ErrContract, false},
	"not one JSON": {fakeapi.MalformedBody(), wrapper.ErrContract, false},
}

func (tr trial) fails(t *testing.T, f failure) {
	srv, c := service(t, key, wrapper.WithRetry(wrapper.RetryPolicy{MaxAttempts: 1}))
	srv.FailNext(1, f.fault)
	_, err := tr.call(t.Context(), c)
	if f.refusal {
		tr.isRefusal(t, err, f.sentinel)
	}
	if !errors.Is(err, f.sentinel) {
		t.Errorf("%v; want %v", err, f.sentinel)
	}
}
