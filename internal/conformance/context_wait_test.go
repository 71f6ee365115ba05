package conformance

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/internal/testkit"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// A wait for a retry ends with the context, and the error is the last attempt's.
func TestContextEndsInAWait(t *testing.T) {
	t.Parallel()
	serve := func(wire string) func(*testing.T) string {
		return func(t *testing.T) string { t.Helper(); return listen(t, reply(wire)) }
	}
	tests := []struct {
		name string
		base func(*testing.T) string
		want func(error) verdict
	}{
		{"after a 503", serve("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n"), func(is error) verdict { return refused(0, "", wrapper.ErrServer, is).at(503) }},
		{"after a 429", serve("HTTP/1.1 429 No\r\nContent-Length: 0\r\n\r\n"), func(is error) verdict { return refused(0, "", wrapper.ErrRateLimited, is).at(429) }},
		{"after a 500", serve("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"), func(is error) verdict { return doubtful(0, "", wrapper.ErrServer, is).at(500) }},
		{"after a lost connection", serve(""), func(is error) verdict { return lost(is) }},
		{"after a cut body", serve(jsonHead("Content-Length: 62") + "{"), func(is error) verdict { return lost(is) }},
		{"after a refused port", func(t *testing.T) string { t.Helper(); return "http://" + testkit.ClosedPort(t) }, func(is error) verdict { return notSent(is) }},
	}
	for _, tt := range tests {
		for _, e := range ends {
			if e.isDeadline {
				continue // no wait starts if the deadline would pass in it
			}
			t.Run(tt.name+"/"+e.name, func(t *testing.T) {
				t.Parallel()
				ctx, now := e.start(t.Context(), 0)
				client := newClient(t, tt.base(t), testkit.Transport(t), hourly, wrapper.WithLogger(slog.New(callOnLog{now})))
				_, err := client.DeleteImagesTask(ctx, oneID)
				checkEnded(t, err, tt.want(e.is), 1, e)
			})
		}
	}
}

// No wait starts if the deadline would pass in it.
func TestDeadlineComesBeforeTheWait(t *testing.T) {
	t.Parallel()
	base := listen(t, reply("HTTP/1.1 503 No\r\nRetry-After: 1000\r\nContent-Length: 0\r\n\r\n"))
	client := newClient(t, base, testkit.Transport(t), retries(0, 0, time.Hour))
	ctx, cancel := context.WithTimeout(t.Context(), 900*time.Second)
	defer cancel()
	_, err := client.DeleteImagesTask(ctx, oneID)
	checkFault(t, err, refused(0, "", wrapper.ErrServer).at(503), 1)
}

// callOnLog calls a function for each record: one is written after each attempt.
type callOnLog struct{ fn func() }

func (callOnLog) Enabled(context.Context, slog.Level) bool    { return true }
func (h callOnLog) Handle(context.Context, slog.Record) error { h.fn(); return nil }
func (h callOnLog) WithAttrs([]slog.Attr) slog.Handler        { return h }
func (h callOnLog) WithGroup(string) slog.Handler             { return h }
