package fakeapi_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/fakeapi"
)

func TestDroppedStreamLeavesTheOthers(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t, fakeapi.WithHTTP2(), fakeapi.WithTasks("a", "b"))
	srv.FailNext(1, fakeapi.Delay(100*time.Millisecond))
	slow := make(chan reply, 1)
	go func() { slow <- send(srv, deletion(t, srv, "a")) }()
	waitFor(t, func() bool { return len(srv.Requests()) == 1 })
	srv.FailNext(1, fakeapi.DropRequest())
	if got := send(srv, deletion(t, srv, "b")); got.err == nil {
		t.Errorf("got a response, %d", got.status)
	}
	wantJSON(t, <-slow, 200, successBody)
	if n := srv.Connections(); n != 1 {
		t.Errorf("%d connections, want 1", n)
	}
}

func TestDelay(t *testing.T) {
	const delay = 60 * time.Millisecond
	protocols(t, func(t *testing.T, opt fakeapi.Option, _ string) {
		srv := fakeapi.Start(t, opt, fakeapi.WithTasks("a"))
		srv.FailNext(1, fakeapi.Delay(delay).WithHeader("X-Slow", "yes"))
		begin := time.Now()
		got := send(srv, deletion(t, srv, "a"))
		wantJSON(t, got, 200, successBody)
		if took := time.Since(begin); took < delay || got.header.Get("X-Slow") != "yes" {
			t.Errorf("took %v with headers %v, want at least %v and X-Slow", took, got.header, delay)
		}
		wantTasks(t, srv)
	})
}

// A delay of an hour ends when the client goes away, and when the server closes.
func TestDelayEndsEarly(t *testing.T) {
	protocols(t, func(t *testing.T, opt fakeapi.Option, _ string) {
		srv := fakeapi.Start(t, opt, fakeapi.WithTasks("a"))
		srv.FailNext(2, fakeapi.Delay(time.Hour))
		ctx, cancel := context.WithCancel(t.Context())
		sent := make(chan reply, 1)
		go func() { sent <- send(srv, deletion(t, srv, "a").WithContext(ctx)) }()
		waitFor(t, func() bool { return len(srv.Requests()) == 1 })
		cancel()
		if got := <-sent; !errors.Is(got.err, context.Canceled) {
			t.Errorf("got %v, want the end of the context", got.err)
		}
		go func() { sent <- send(srv, deletion(t, srv, "a")) }()
		waitFor(t, func() bool { return len(srv.Requests()) == 2 })
		if err := srv.Close(); err != nil {
			t.Error(err)
		}
		if got := <-sent; got.err == nil {
			t.Errorf("got a response from a closed server, %d", got.status)
		}
		wantTasks(t, srv, "a")
	})
}
