package fakeapi_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/internal/testkit/frozen"
)

// A fault that comes after the act: the client sees the same failure, and the
// request was carried out, once.
func TestAfterActing(t *testing.T) {
	for name, c := range map[string]struct {
		fault  fakeapi.Fault
		status int // 0 for no whole response
	}{
		"status":        {fakeapi.Respond(503, "text/html", "<p>busy</p>"), 503},
		"rate limit":    {fakeapi.RateLimit(1), 429},
		"code":          {fakeapi.BusinessCode(9999, "no"), 200},
		"malformed":     {fakeapi.MalformedBody(), 200},
		"dropped":       {fakeapi.DropRequest(), 0},
		"dropped after": {fakeapi.DropAnswer(), 0},
		"truncated":     {fakeapi.TruncateBody(), 0},
		"delayed":       {fakeapi.Delay(time.Millisecond), 200},
		"none":          {fakeapi.Fault{}, 200},
		"header":        {fakeapi.Respond(502, "", "").WithHeader("X-A", "1"), 502},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			protocols(t, func(t *testing.T, opt fakeapi.Option, _ string) {
				srv := fakeapi.Start(t, opt, fakeapi.WithCredits(10))
				srv.FailNext(1, c.fault.AfterActing())
				got := send(srv, generation(t, srv, v4Path))
				if (got.err == nil) != (c.status != 0) || c.status != 0 && got.status != c.status {
					t.Errorf("got %d, %v; want %d", got.status, got.err, c.status)
				}
				wantTasks(t, srv, firstTask)
				if n := srv.Credits(); n != 9 {
					t.Errorf("%d credits are left", n)
				}
			})
		})
	}
}

// The fault that it was made of still comes before the act, and a request that
// violates the contract is not carried out either way.
func TestAfterActingLeavesTheOriginal(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t)
	before := fakeapi.Respond(500, "", "")
	srv.FailNext(1, before.AfterActing())
	if got := must(t, send(srv, generation(t, srv, v4Path, text("batchsize", "0")...))); got.status != 500 {
		t.Errorf("status %d", got.status)
	}
	srv.FailNext(1, before)
	must(t, send(srv, generation(t, srv, v4Path)))
	wantTasks(t, srv)
}

// A client that does not wait for a late response has acted all the same.
func TestDelayAnswer(t *testing.T) {
	protocols(t, func(t *testing.T, opt fakeapi.Option, _ string) {
		srv := fakeapi.Start(t, opt, fakeapi.WithTasks("a", "b"))
		srv.FailNext(1, fakeapi.DelayAnswer(time.Hour))
		ctx, cancel := context.WithCancel(t.Context())
		sent := make(chan reply, 1)
		go func() { sent <- send(srv, deletion(t, srv, "a").WithContext(ctx)) }()
		waitFor(t, func() bool { return len(srv.Tasks()) == 1 })
		if all := srv.Requests(); len(all) != 1 || all[0].Status != 0 {
			t.Errorf("recorded %v before the response", all)
		}
		cancel()
		if got := <-sent; !errors.Is(got.err, context.Canceled) {
			t.Errorf("got %d, %v", got.status, got.err)
		}
		const delay = 60 * time.Millisecond
		srv.FailNext(1, fakeapi.DelayAnswer(delay).WithHeader("X-Slow", "yes"))
		begin := time.Now()
		got := send(srv, deletion(t, srv, "b"))
		wantJSON(t, got, 200, successBody)
		if took := time.Since(begin); took < delay || got.header.Get("X-Slow") != "yes" {
			t.Errorf("took %v with headers %v", took, got.header)
		}
		wantTasks(t, srv)
	})
}

// Aimed faults meet their operation only, before those that are for any request.
func TestFailNextOn(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t, fakeapi.WithTasks("a"))
	srv.FailNextOn("deleteImagesTask", 0, fakeapi.Respond(418, "", ""))
	srv.FailNextOn("deleteImagesTask", 2, fakeapi.Respond(500, "", ""))
	srv.FailNextOn("deleteImagesTask", 1, fakeapi.Respond(502, "", "").AfterActing())
	srv.FailNextOn("seeDreamV45", 1, fakeapi.Respond(503, "", ""))
	srv.FailNext(1, fakeapi.Respond(429, "", ""))
	var got []int
	take := func(r reply) { got = append(got, must(t, r).status) }
	take(send(srv, deletion(t, srv, "a")))
	take(info(t, srv, "a")) // takes the one for any request
	take(info(t, srv, "a"))
	take(send(srv, deletion(t, srv, "a")))
	take(send(srv, generation(t, srv, v4Path)))
	take(send(srv, generation(t, srv, frozen.Path("seeDreamV45"))))
	take(send(srv, generation(t, srv, frozen.Path("seeDreamV45"))))
	take(send(srv, deletion(t, srv, "a")))
	take(send(srv, deletion(t, srv, "a")))
	want := []int{500, 429, 200, 500, 200, 503, 200, 502, 200}
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("statuses %v, want %v", got, want)
		}
	}
}

// An operation that the contract lacks is a mistake in the test, and is never
// ignored: it fails the test of Start, and panics where there is none.
func TestFailNextOnNoOperation(t *testing.T) {
	t.Parallel()
	const want = `fakeapi: FailNextOn: the contract has no operation "deleteImageTask"`
	tb := newRecorder()
	started := fakeapi.Start(tb)
	started.FailNextOn("deleteImagesTask", 1, fakeapi.DropRequest())
	started.FailNextOn("deleteImageTask", 1, fakeapi.DropRequest())
	if errs := tb.finish(); len(errs) != 1 || errs[0] != want {
		t.Errorf("reported %q", errs)
	}
	plain, err := fakeapi.NewServer()
	if err != nil {
		t.Fatal(err)
	}
	defer plain.Close()
	plain.FailNextOn("deleteImagesTask", 1, fakeapi.Respond(503, "", ""))
	if got := panicOf(func() { plain.FailNextOn("deleteImageTask", 1, fakeapi.DropRequest()) }); got != want {
		t.Errorf("panic %v, want %s", got, want)
	}
	if got := must(t, send(plain, deletion(t, plain))); got.status != 503 { // the server goes on, its faults too
		t.Errorf("status %d, want 503", got.status)
	}
}

// panicOf returns what do panics with, or nil.
func panicOf(do func()) (value any) {
	defer func() { value = recover() }()
	do()
	return nil
}
