package durable

import (
	"errors"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// gate holds the responses of the service back until it is opened.
type gate struct {
	next   http.RoundTripper
	opened chan struct{}
	passed atomic.Int32 // requests that the service has responded to
}

func (g *gate) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := g.next.RoundTrip(req)
	g.passed.Add(1)
	select {
	case <-g.opened:
		return resp, err
	case <-req.Context().Done():
		return nil, errors.Join(req.Context().Err(), resp.Body.Close())
	}
}

func (g *gate) open() { close(g.opened) }

// await returns when the service has responded to n requests.
func (g *gate) await(t *testing.T, n int32) {
	t.Helper()
	for deadline := time.Now().Add(patience); g.passed.Load() < n; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d responses, want %d", g.passed.Load(), n)
		}
	}
}

// startGated is start with a gate.
func startGated(t *testing.T) (*fakeapi.Server, *wrapper.Client, *gate) {
	t.Helper()
	srv := fakeapi.Start(t)
	g := &gate{next: srv.Client().Transport, opened: make(chan struct{})}
	return srv, clientOf(t, srv.URL, &http.Client{Transport: g}), g
}
