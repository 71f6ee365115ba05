package fakeapi_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// Each response is late: usual ones, those of faults, and images.
func TestLatency(t *testing.T) {
	const latency = 40 * time.Millisecond
	protocols(t, func(t *testing.T, opt fakeapi.Option, _ string) {
		srv := fakeapi.Start(t, opt, fakeapi.WithLatency(latency), fakeapi.WithTasks("a", "b"))
		u := srv.ImageURLs("b")[0]
		for name, c := range map[string]struct {
			do     func() reply
			status int
		}{
			"usual": {func() reply { return send(srv, deletion(t, srv, "a")) }, 200},
			"image": {func() reply { return fetch(t, srv, "GET", u) }, 200},
			"fault": {func() reply {
				srv.FailNext(1, fakeapi.Respond(503, "", ""))
				return send(srv, deletion(t, srv, "a"))
			}, 503},
			"refused": {func() reply { return send(srv, request(t, srv, "POST", "/nowhere", "")) }, 404},
		} {
			begin := time.Now()
			got := must(t, c.do())
			if took := time.Since(begin); took < latency || got.status != c.status {
				t.Errorf("%s: status %d after %v", name, got.status, took)
			}
		}
	})
}

// The request is carried out before the wait, which ends when the client goes away.
func TestLatencyComesAfterActing(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t, fakeapi.WithLatency(time.Hour), fakeapi.WithTasks("a"))
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		waitFor(t, func() bool { return len(srv.Tasks()) == 0 })
		cancel()
	}()
	if got := send(srv, deletion(t, srv, "a").WithContext(ctx)); !errors.Is(got.err, context.Canceled) {
		t.Errorf("got %+v", got)
	}
	srv.FailNext(1, fakeapi.DropRequest())
	if got := send(srv, deletion(t, srv, "a")); got.err == nil || got.status != 0 {
		t.Errorf("dropped: %+v", got)
	}
}

func TestLatencyOption(t *testing.T) {
	t.Parallel()
	srv, err := fakeapi.NewServer(fakeapi.WithLatency(-1))
	if err == nil {
		srv.Close()
	}
	if err == nil || !strings.Contains(err.Error(), "WithLatency: the duration is negative") {
		t.Error(err)
	}
}
