package conformance

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"math"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/testkit"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// endless yields the same id until the loop over it stops, and fails the test if
// that takes too long.
func endless(t *testing.T, id string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for range 100000 {
			if !yield(id) {
				return
			}
		}
		t.Errorf("the source of %q was pulled on and on", id)
	}
}

// The end of the context ends a purge, whatever the ids look like.
func TestPurgeOfEndlessIDsEnds(t *testing.T) {
	t.Parallel()
	base, _ := testkit.Serve(t, testkit.Respond(200, successBody))
	for name, id := range map[string]string{"blank": " ", "not UTF-8": "\xff", "sound": "a"} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			client := newClient(t, base, testkit.Transport(t))
			batches := 0
			for range client.PurgeImagesTasks(ctx, endless(t, id), wrapper.PurgeOptions{BatchSize: 10, Concurrency: 2}) {
				if batches++; batches == 5 {
					cancel()
				}
			}
			cancel()
			if batches > 10 {
				t.Errorf("%d batches were yielded, of which 5 before the end", batches)
			}
		})
	}
}

// A refused key is reported once, and each id of the source comes back, those that
// can't be sent as what they are.
func TestPurgeWithARefusedKeyAccountsForEachID(t *testing.T) {
	t.Parallel()
	client := newClient(t, listen(t, reply("HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n")), testkit.Transport(t))
	refused, notSent, blank := 0, 0, 0
	for ids, err := range client.PurgeImagesTasks(t.Context(), slices.Values(slices.Repeat([]string{"a", ""}, 5000)), wrapper.PurgeOptions{BatchSize: 7, Concurrency: 1}) {
		switch {
		case errors.Is(err, wrapper.ErrInvalidRequest):
			blank += len(ids)
		case errors.Is(err, wrapper.ErrUnauthorized) && errors.Is(err, wrapper.ErrNotSent):
			notSent += len(ids)
		case errors.Is(err, wrapper.ErrUnauthorized):
			refused += len(ids)
		}
	}
	if refused != 7 || notSent != 4993 || blank != 5000 {
		t.Errorf("%d refused, %d not sent, %d blank", refused, notSent, blank)
	}
}

// Sizes that no machine has work like smaller ones or are refused, and never panic.
func TestPurgeOptions(t *testing.T) {
	t.Parallel()
	base, _ := testkit.Serve(t, testkit.Respond(200, successBody))
	client := newClient(t, base, testkit.Transport(t))
	for _, n := range []int{math.MinInt, -1, math.MaxInt32, math.MaxInt} {
		for _, opts := range []wrapper.PurgeOptions{{BatchSize: n}, {Concurrency: n}, {BatchSize: n, Concurrency: n, Isolate: true}} {
			t.Run(fmt.Sprintf("%+v", opts), func(t *testing.T) {
				defer func() {
					if p := recover(); p != nil {
						t.Errorf("panic: %v", p)
					}
				}()
				for ids, err := range client.PurgeImagesTasks(t.Context(), slices.Values([]string{"a", "b"}), opts) {
					if err != nil && !errors.Is(err, wrapper.ErrInvalidRequest) || n < 0 && (err == nil || ids != nil) {
						t.Errorf("got %v, %v", ids, err)
					}
				}
			})
		}
	}
}

// editHalves leaves the first request alone. Of each later one it sets a header, if
// there is a value for it, and returns err.
func editHalves(value string, err error) wrapper.Option {
	var edits atomic.Int32
	return wrapper.WithRequestEditor(func(_ context.Context, req *http.Request) error {
		if edits.Add(1) == 1 {
			return nil
		}
		if value != "" {
			req.Header.Set("X-Tenant", value)
		}
		return err
	})
}

// The halves of a batch that an earlier attempt may have deleted stay in doubt,
// whatever the responses to them. The first attempt with the batch leaves it in
// doubt, and the second is refused.
func TestPurgeHalvesStayInDoubt(t *testing.T) {
	t.Parallel()
	ids := []string{"a", "b"}
	tests := []struct {
		name  string
		third http.HandlerFunc // responds to the halves
		edit  error            // in place of sending it
		field string           // a header that can't be sent
	}{
		{"refused", testkit.Status(http.StatusBadRequest), nil, ""},
		{"refused for the key", testkit.Status(http.StatusUnauthorized), nil, ""},
		{"rate limited", testkit.Status(http.StatusTooManyRequests), nil, ""},
		{"busy", testkit.Status(http.StatusServiceUnavailable), nil, ""},
		{"no content", testkit.Status(http.StatusNoContent), nil, ""},
		{"dropped", testkit.HangUp, nil, ""},
		{"a request editor fails", testkit.Status(http.StatusTeapot), errors.New("no token today"), ""},
		{"a request editor sets a bad header", testkit.Status(http.StatusTeapot), nil, "a\nb"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			base, _ := testkit.Serve(t, testkit.Sequence(testkit.Status(http.StatusInternalServerError), testkit.Status(http.StatusBadRequest), tt.third))
			client := newClient(t, base, testkit.Transport(t), retries(2, 1, 0), editHalves(tt.field, tt.edit))
			outcomes := outcomesOf(t, client.PurgeImagesTasks(t.Context(), slices.Values(ids), wrapper.PurgeOptions{Isolate: true}))
			if got := slices.Sorted(maps.Keys(outcomes)); !slices.Equal(got, ids) {
				t.Fatalf("yielded %q", got)
			}
			for id, err := range outcomes {
				if !errors.Is(err, wrapper.ErrOutcomeUnknown) || errors.Is(err, wrapper.ErrNotSent) || !strings.Contains(err.Error(), "repeating it is safe") {
					t.Errorf("%s: got %v", id, err)
				}
			}
		})
	}
}
