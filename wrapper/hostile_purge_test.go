package wrapper_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"math"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

// endless yields the same id until it is told to stop, and fails the test if
// it is not told for a long time.
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
func TestHostilePurgeOfEndlessIDsEnds(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(successBody))
	}))
	t.Cleanup(server.Close)
	for name, id := range map[string]string{"blank": " ", "not UTF-8": "\xff", "sound": "a"} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			client := newHostileClient(t, server.URL, ownTransport(t))
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

// A refused key ends a purge of which nearly all ids are unusable.
func TestHostilePurgeWithARefusedKeyEnds(t *testing.T) {
	t.Parallel()
	base := wireBase(answered("HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n"))(t)
	client := newHostileClient(t, base, ownTransport(t))
	ids := func(yield func(string) bool) {
		if yield("a") {
			endless(t, "")(yield)
		}
	}
	refused := false
	for _, err := range client.PurgeImagesTasks(t.Context(), ids, wrapper.PurgeOptions{BatchSize: 1, Concurrency: 1}) {
		refused = refused || errors.Is(err, wrapper.ErrUnauthorized)
	}
	if !refused {
		t.Error("ErrUnauthorized was not yielded")
	}
}

// Sizes that no machine has are a use of the zero of them, or refused: never a panic.
func TestHostilePurgeOptions(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(successBody))
	}))
	t.Cleanup(server.Close)
	client := newHostileClient(t, server.URL, ownTransport(t))
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

// Halves of a batch that an earlier attempt may have deleted stay in doubt,
// whatever becomes of them.
func TestHostilePurgeHalvesStayInDoubt(t *testing.T) {
	t.Parallel()
	ids := []string{"a", "b"}
	tests := []struct {
		name  string
		third http.HandlerFunc // answers the first half
		edit  error            // in place of sending it
	}{
		{"refused", status(http.StatusBadRequest), nil},
		{"refused for the key", status(http.StatusUnauthorized), nil},
		{"rate limited", status(http.StatusTooManyRequests), nil},
		{"busy", status(http.StatusServiceUnavailable), nil},
		{"a broken answer", status(http.StatusNoContent), nil},
		{"dropped", func(w http.ResponseWriter, _ *http.Request) { drop(w) }, nil},
		{"a request editor fails", status(http.StatusTeapot), errors.New("no token today")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var requests, edits atomic.Int32
			server := httptest.NewServer(inDoubt(&requests, tt.third))
			t.Cleanup(server.Close)
			client := newHostileClient(t, server.URL, ownTransport(t), wrapper.WithRetry(wrapper.RetryPolicy{MaxAttempts: 2, MinWait: 1}),
				wrapper.WithRequestEditor(func(context.Context, *http.Request) error {
					if edits.Add(1) > 1 {
						return tt.edit
					}
					return nil
				}))
			outcomes := map[string]error{}
			for batch, err := range client.PurgeImagesTasks(t.Context(), slices.Values(ids), wrapper.PurgeOptions{Isolate: true}) {
				for _, id := range batch {
					outcomes[id] = err
				}
			}
			if got := slices.Sorted(maps.Keys(outcomes)); !slices.Equal(got, ids) {
				t.Fatalf("yielded %q", got)
			}
			for id, err := range outcomes {
				if !errors.Is(err, wrapper.ErrOutcomeUnknown) || errors.Is(err, wrapper.ErrNotSent) {
					t.Errorf("%s: got %v", id, err)
				}
			}
		})
	}
}

// inDoubt leaves a batch in doubt, refuses it, and answers its halves with third.
func inDoubt(requests *atomic.Int32, third http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch requests.Add(1) {
		case 1:
			w.WriteHeader(http.StatusInternalServerError)
		case 2:
			w.WriteHeader(http.StatusBadRequest)
		default:
			third(w, r)
		}
	})
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}
