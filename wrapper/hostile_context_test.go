package wrapper_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

var errOfCaller = errors.New("the caller has had enough")

// end is a way for the caller's context to end.
type end struct {
	name   string
	is     error
	cause  error
	start  func(context.Context, time.Duration) (ctx context.Context, now func())
	itself bool // after the given time, without the help of now
}

var ends = []end{
	{"cancel", context.Canceled, nil, func(ctx context.Context, d time.Duration) (context.Context, func()) {
		ctx, cancel := context.WithCancel(ctx)
		return ctx, cancel
	}, false},
	{"cancel with a cause", context.Canceled, errOfCaller, func(ctx context.Context, d time.Duration) (context.Context, func()) {
		ctx, cancel := context.WithCancelCause(ctx)
		return ctx, func() { cancel(errOfCaller) }
	}, false},
	{"deadline", context.DeadlineExceeded, nil, func(ctx context.Context, d time.Duration) (context.Context, func()) {
		ctx, cancel := context.WithTimeout(ctx, d)
		context.AfterFunc(ctx, cancel)
		return ctx, func() { <-ctx.Done() }
	}, true},
	{"deadline with a cause", context.DeadlineExceeded, errOfCaller, func(ctx context.Context, d time.Duration) (context.Context, func()) {
		ctx, cancel := context.WithTimeoutCause(ctx, d, errOfCaller)
		context.AfterFunc(ctx, cancel)
		return ctx, func() { <-ctx.Done() }
	}, true},
}

// moments at which the context ends, and what is owed. now ends it, or waits
// until it has ended.
var moments = []struct {
	name  string
	serve func(now func()) func(*peer)
	want  func(error) verdict
}{
	{"before the status line", func(now func()) func(*peer) {
		return func(p *peer) { p.request(); now(); p.stall() }
	}, func(is error) verdict { return lost(is) }},
	{"in the header", func(now func()) func(*peer) {
		return func(p *peer) { p.request(); p.send("HTTP/1.1 200 OK\r\nConte"); now(); p.stall() }
	}, func(is error) verdict { return lost(is) }},
}

func TestHostileContext(t *testing.T) {
	t.Parallel()
	for _, moment := range moments {
		for _, e := range ends {
			t.Run(moment.name+"/"+e.name, func(t *testing.T) {
				t.Parallel()
				// The time allowed grows until the request goes out in it, which
				// says nothing about the client.
				for d := 50 * time.Millisecond; ; d *= 4 {
					ctx, now := e.start(t.Context(), d)
					client := newHostileClient(t, wireBase(moment.serve(now))(t), ownTransport(t), fast)
					_, err := client.DeleteImagesTask(ctx, oneID)
					if e.itself && errors.Is(err, wrapper.ErrNotSent) && d < hangGuard {
						continue
					}
					checkEnded(t, err, moment.want(e.is), 1, e)
					return
				}
			})
		}
	}
}

func TestHostileContextEndedBefore(t *testing.T) {
	t.Parallel()
	for _, e := range ends {
		ctx, now := e.start(t.Context(), time.Millisecond)
		now()
		base := wireBase(func(*peer) { t.Error("a connection was made") })(t)
		_, err := newHostileClient(t, base, ownTransport(t), fast).DeleteImagesTask(ctx, oneID)
		checkEnded(t, err, notSent(e.is), 0, e)
	}
}

func checkEnded(t *testing.T, err error, want verdict, attempts int, e end) {
	t.Helper()
	checkFault(t, err, want, attempts)
	if e.cause != nil && errors.As(err, new(*wrapper.TransportError)) && !errors.Is(err, e.cause) {
		t.Errorf("the context's cause is lost: %v", err)
	}
}

// A context that ends in the body of an answer takes nothing from its status.
func TestHostileContextEndsInTheBody(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, wire string
		want       func(error) verdict
	}{
		{"of a 200", jsonHead("Content-Length: 62") + "{", func(is error) verdict { return lost(is) }},
		{"of a 401", "HTTP/1.1 401 No\r\nContent-Length: 9\r\n\r\n{", func(is error) verdict { return refused(0, "", wrapper.ErrUnauthorized, is).at(401) }},
		{"of a 503", "HTTP/1.1 503 No\r\nContent-Length: 9\r\n\r\n{", func(is error) verdict { return refused(0, "", wrapper.ErrServer, is).at(503) }},
	}
	for _, tt := range tests {
		for _, e := range ends {
			if e.itself {
				continue // it could come before the header
			}
			t.Run(tt.name+"/"+e.name, func(t *testing.T) {
				t.Parallel()
				ctx, now := e.start(t.Context(), time.Millisecond)
				base := wireBase(func(p *peer) { p.request(); p.send(tt.wire); p.stall() })(t)
				client := newHostileClient(t, base, afterHeader{ownTransport(t), now}, hourly)
				_, err := client.DeleteImagesTask(ctx, oneID)
				checkEnded(t, err, tt.want(e.is), 1, e)
			})
		}
	}
}

// afterHeader calls a function between the header of an answer and its body.
type afterHeader struct {
	http.RoundTripper
	fn func()
}

func (a afterHeader) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := a.RoundTripper.RoundTrip(req)
	a.fn()
	return resp, err
}

// hourly waits longer than any test between attempts.
var hourly = wrapper.WithRetry(wrapper.RetryPolicy{MinWait: 1000 * time.Hour, MaxWait: 1000 * time.Hour})

// A wait for a retry ends with the context, and the last attempt's error says so.
func TestHostileContextEndsInAWait(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		base func(*testing.T) string
		want func(error) verdict
	}{
		{"after a 503", wireBase(answered("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n")), func(is error) verdict { return refused(0, "", wrapper.ErrServer, is).at(503) }},
		{"after a 429", wireBase(answered("HTTP/1.1 429 No\r\nContent-Length: 0\r\n\r\n")), func(is error) verdict { return refused(0, "", wrapper.ErrRateLimited, is).at(429) }},
		{"after a 500", wireBase(answered("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n")), func(is error) verdict { return doubtful(0, "", wrapper.ErrServer, is).at(500) }},
		{"after a lost connection", wireBase(answered("")), func(is error) verdict { return lost(is) }},
		{"after a cut body", wireBase(answered(jsonHead("Content-Length: 62") + "{")), func(is error) verdict { return lost(is) }},
		{"after a refused port", func(t *testing.T) string { return "http://" + closedPort(t) }, func(is error) verdict { return notSent(is) }},
	}
	for _, tt := range tests {
		for _, e := range ends {
			if e.itself {
				continue // a deadline that would come first starts no wait
			}
			t.Run(tt.name+"/"+e.name, func(t *testing.T) {
				t.Parallel()
				ctx, now := e.start(t.Context(), time.Millisecond)
				client := newHostileClient(t, tt.base(t), ownTransport(t), hourly, wrapper.WithLogger(slog.New(callOnLog{now})))
				_, err := client.DeleteImagesTask(ctx, oneID)
				checkEnded(t, err, tt.want(e.is), 1, e)
			})
		}
	}
}

// No wait starts if the deadline comes first.
func TestHostileDeadlineComesBeforeTheWait(t *testing.T) {
	t.Parallel()
	base := wireBase(answered("HTTP/1.1 503 No\r\nRetry-After: 1000\r\nContent-Length: 0\r\n\r\n"))(t)
	client := newHostileClient(t, base, ownTransport(t), wrapper.WithRetry(wrapper.RetryPolicy{MaxWait: time.Hour}))
	ctx, cancel := context.WithTimeout(t.Context(), 900*time.Second)
	defer cancel()
	_, err := client.DeleteImagesTask(ctx, oneID)
	checkFault(t, err, refused(0, "", wrapper.ErrServer).at(503), 1)
}

// While a connection is being made nothing has been sent.
func TestHostileContextEndsInTheDial(t *testing.T) {
	t.Parallel()
	for _, e := range ends {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			ctx, now := e.start(t.Context(), 50*time.Millisecond)
			transport := ownTransport(t)
			transport.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
				go now()
				<-ctx.Done()
				return nil, ctx.Err()
			}
			_, err := newHostileClient(t, "http://127.0.0.1:1", transport, fast).DeleteImagesTask(ctx, oneID)
			checkEnded(t, err, notSent(e.is), within(err, 0, 1), e)
		})
	}
}

// The body of a request is closed though the request is never sent.
func TestHostileContextEndedClosesTheBody(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	body, writer := io.Pipe()
	client := newHostileClient(t, "http://127.0.0.1:1", http.DefaultTransport)
	_, err := client.Generated().DeleteImagesTaskWithBodyWithResponse(ctx, "application/json", body)
	checkFault(t, err, notSent(context.Canceled), 0)
	if _, err := writer.Write([]byte("{}")); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("the body is still open: %v", err)
	}
}

func wireBase(serve func(*peer)) func(*testing.T) string {
	return func(t *testing.T) string { return "http://" + listen(t, serve) }
}

// callOnLog calls a function for each record: one is written after each attempt.
type callOnLog struct{ fn func() }

func (callOnLog) Enabled(context.Context, slog.Level) bool    { return true }
func (h callOnLog) Handle(context.Context, slog.Record) error { h.fn(); return nil }
func (h callOnLog) WithAttrs([]slog.Attr) slog.Handler        { return h }
func (h callOnLog) WithGroup(string) slog.Handler             { return h }
