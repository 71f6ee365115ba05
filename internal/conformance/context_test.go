package conformance

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/internal/testkit"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

var errOfCaller = errors.New("the caller has had enough")

// end is a way for the caller's context to end. start returns a context and a
// function that ends it, or waits until its deadline d has passed.
type end struct {
	name       string
	is         error
	cause      error
	start      func(ctx context.Context, d time.Duration) (_ context.Context, now func())
	isDeadline bool
}

var ends = []end{
	{"cancel", context.Canceled, nil, func(ctx context.Context, _ time.Duration) (context.Context, func()) {
		ctx, cancel := context.WithCancel(ctx)
		return ctx, cancel
	}, false},
	{"cancel with a cause", context.Canceled, errOfCaller, func(ctx context.Context, _ time.Duration) (context.Context, func()) {
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

// A context that ends while a response is awaited leaves the outcome unknown.
// The server ends the context by now, or waits until it has ended.
func TestContextEndsBeforeTheBody(t *testing.T) {
	t.Parallel()
	moments := []struct {
		name  string
		serve func(now func()) func(*testkit.Conn)
		want  func(error) verdict
	}{
		{"before the status line", func(now func()) func(*testkit.Conn) {
			return func(c *testkit.Conn) { c.ReadRequest(); now(); c.Stall() }
		}, func(is error) verdict { return lost(is) }},
		{"in the header", func(now func()) func(*testkit.Conn) {
			return func(c *testkit.Conn) { c.ReadRequest(); c.Send("HTTP/1.1 200 OK\r\nConte"); now(); c.Stall() }
		}, func(is error) verdict { return lost(is) }},
	}
	for _, moment := range moments {
		for _, e := range ends {
			t.Run(moment.name+"/"+e.name, func(t *testing.T) {
				t.Parallel()
				for d, last := range testkit.Timeouts() {
					ctx, now := e.start(t.Context(), d)
					client := newClient(t, listen(t, moment.serve(now)), testkit.Transport(t), fast)
					_, err := client.DeleteImagesTask(ctx, oneID)
					if e.isDeadline && errors.Is(err, wrapper.ErrNotSent) && !last {
						continue // the deadline passed before the request was sent
					}
					checkEnded(t, err, moment.want(e.is), 1, e)
					return
				}
			})
		}
	}
}

// A context that has ended before the call sends nothing.
func TestContextEndedBefore(t *testing.T) {
	t.Parallel()
	for _, e := range ends {
		ctx, now := e.start(t.Context(), time.Millisecond)
		now()
		base := listen(t, func(*testkit.Conn) { t.Error("a connection was made") })
		_, err := newClient(t, base, testkit.Transport(t), fast).DeleteImagesTask(ctx, oneID)
		checkEnded(t, err, notSent(e.is), 0, e)
	}
}

// checkEnded is checkFault for a call that the end of the context ended.
func checkEnded(t *testing.T, err error, want verdict, attempts int, e end) {
	t.Helper()
	checkFault(t, err, want, attempts)
	if e.cause != nil && errors.As(err, new(*wrapper.TransportError)) && !errors.Is(err, e.cause) {
		t.Errorf("the context's cause is lost: %v", err)
	}
}

// A context that ends in the body of a response takes nothing from its status.
func TestContextEndsInTheBody(t *testing.T) {
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
			if e.isDeadline {
				continue // it could pass before the header
			}
			t.Run(tt.name+"/"+e.name, func(t *testing.T) {
				t.Parallel()
				ctx, now := e.start(t.Context(), 0)
				base := listen(t, func(c *testkit.Conn) { c.ReadRequest(); c.Send(tt.wire); c.Stall() })
				client := newClient(t, base, afterHeader{testkit.Transport(t), now}, hourly)
				_, err := client.DeleteImagesTask(ctx, oneID)
				checkEnded(t, err, tt.want(e.is), 1, e)
			})
		}
	}
}

// afterHeader calls a function between the header of a response and its body.
type afterHeader struct {
	http.RoundTripper
	fn func()
}

func (a afterHeader) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := a.RoundTripper.RoundTrip(req)
	a.fn()
	return resp, err
}

// While a connection is being made nothing has been sent.
func TestContextEndsInTheDial(t *testing.T) {
	t.Parallel()
	for _, e := range ends {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			for d, last := range testkit.Timeouts() {
				ctx, now := e.start(t.Context(), d)
				var dialled atomic.Bool
				transport := testkit.Transport(t)
				transport.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
					dialled.Store(true)
					go now()
					<-ctx.Done()
					return nil, ctx.Err()
				}
				_, err := newClient(t, "http://127.0.0.1:1", transport, fast).DeleteImagesTask(ctx, oneID)
				if e.isDeadline && !dialled.Load() && !last {
					continue // the deadline passed before the dial
				}
				checkEnded(t, err, notSent(e.is), 1, e)
				return
			}
		})
	}
}

// The body of a request is closed even if the request is never sent.
func TestContextEndedClosesTheBody(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	body, writer := io.Pipe()
	client := newClient(t, "http://127.0.0.1:1", http.DefaultTransport)
	_, err := client.Generated().DeleteImagesTaskWithBodyWithResponse(ctx, "application/json", body)
	checkFault(t, err, notSent(context.Canceled), 0)
	if _, err := writer.Write([]byte("{}")); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("the body is still open: %v", err)
	}
}
