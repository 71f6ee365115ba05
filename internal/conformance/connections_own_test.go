package conformance

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/internal/testkit"
	"github.com/tensorslab/tensorslab-go/internal/testkit/frozen"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// clientsOf are clients with wrapper's own transport and with a user's.
func clientsOf(t *testing.T, base string, options ...wrapper.Option) map[string]*wrapper.Client {
	t.Helper()
	return map[string]*wrapper.Client{
		"wrapper's transport": newClient(t, base, nil, options...),
		"a user's transport":  newClient(t, base, testkit.Transport(t), options...),
	}
}

// Each generation has a connection of its own and closes it; deletions share theirs.
func TestGenerationsHaveConnectionsOfTheirOwn(t *testing.T) {
	t.Parallel()
	url, count := serveCounting(t, func(w http.ResponseWriter, r *http.Request) {
		body := testkit.TaskCreatedBody
		if strings.HasSuffix(r.URL.Path, frozen.Path("deleteImagesTask")) {
			body = successBody
		}
		testkit.Respond(200, body)(w, r)
	})
	const calls = 5
	for name, c := range clientsOf(t, url) {
		before, _ := count.read()
		for range calls {
			if _, err := c.DeleteImagesTask(t.Context(), oneID); err != nil {
				t.Error(err)
			}
			if err := generate(t.Context(), c, aFile()); err != nil {
				t.Error(err)
			}
		}
		if total, _ := count.read(); total-before != 1+calls {
			t.Errorf("%s: %d connections for %d generations and as many deletions", name, total-before, calls)
		}
	}
}

// More generations than connections wait; one whose context ends while it waits
// was not sent.
func TestGenerationsAreLimitedAsTheirTransportIs(t *testing.T) {
	t.Parallel()
	const limit = 2
	arrived, release := make(chan struct{}, limit), make(chan struct{})
	url, count := serveCounting(t, func(w http.ResponseWriter, r *http.Request) {
		arrived <- struct{}{}
		<-release
		testkit.Respond(200, testkit.TaskCreatedBody)(w, r)
	})
	transport := testkit.Transport(t)
	transport.MaxConnsPerHost = limit
	c := newClient(t, url, transport, fast)
	var wg sync.WaitGroup
	for range limit {
		wg.Go(func() {
			if err := generate(t.Context(), c); err != nil {
				t.Error(err)
			}
		})
		<-arrived
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := generate(ctx, c); matching(err) != "NotSent" || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v (%s)", err, matching(err))
	}
	if _, most := count.read(); most > limit { // later on, the server may learn of a closed connection after a new one
		t.Errorf("%d connections at once", most)
	}
	close(release)
	wg.Wait()
	for range 2 * limit { // the slots are free again
		if err := generate(t.Context(), c); err != nil {
			t.Error(err)
		}
		<-arrived
	}
}

// Over HTTP/2 each generation has a connection of its own as well, however many
// begin at the same time, and a transport that speaks HTTP/2 goes on doing so.
func TestGenerationsOverHTTP2AtTheSameTime(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	connections := map[any]int{}
	base, client := serveHTTP2(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		connections[r.Context().Value(connectionKey{})]++
		mu.Unlock()
		if r.ProtoMajor != 2 {
			t.Errorf("%s from %s", r.Proto, r.RemoteAddr)
		}
		testkit.Respond(200, testkit.TaskCreatedBody)(w, r)
	})
	plain := &http.Transport{TLSClientConfig: client.Transport.(*http.Transport).TLSClientConfig.Clone()}
	plain.Protocols = new(http.Protocols)
	plain.Protocols.SetHTTP2(true)
	t.Cleanup(plain.CloseIdleConnections)
	for name, transport := range map[string]http.RoundTripper{"the server's": client.Transport, "HTTP/2 only": plain} {
		c := newClient(t, base, transport)
		var wg sync.WaitGroup
		for range 30 {
			wg.Go(func() {
				err := generate(t.Context(), c, aFile())
				for range 5 { // net/http's server gives up on a client that a busy machine delays for two seconds
					if errors.Is(err, wrapper.ErrOutcomeUnknown) {
						err = generate(t.Context(), c, aFile())
					}
				}
				if err != nil {
					t.Errorf("%s: %v", name, err)
				}
			})
		}
		wg.Wait()
	}
	for _, n := range connections {
		if n != 1 {
			t.Errorf("%d generations came over one connection", n)
		}
	}
	if len(connections) < 2*30 {
		t.Errorf("%d connections for %d generations", len(connections), 2*30)
	}
}

// What a user's transport dials with is used, also where it is the deprecated field.
func TestGenerationsDialAsTheTransportDoes(t *testing.T) {
	t.Parallel()
	_, url := testkit.NewFormServer(t, testkit.Respond(200, testkit.TaskCreatedBody))
	address := strings.TrimPrefix(url, "http://")
	var dialed atomic.Int32
	context5 := &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		dialed.Add(1)
		return new(net.Dialer).DialContext(ctx, network, address)
	}}
	//lint:ignore SA1019 a user's transport may still have the deprecated field
	old := &http.Transport{Dial: func(network, _ string) (net.Conn, error) {
		dialed.Add(1)
		return net.Dial(network, address)
	}}
	nothing := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return nil, nil }}
	for name, transport := range map[string]*http.Transport{"DialContext": context5, "Dial": old} {
		before := dialed.Load()
		if err := generate(t.Context(), newClient(t, "http://localhost:1", transport)); err != nil || dialed.Load() != before+1 {
			t.Errorf("%s: %v, dialed %d times", name, err, dialed.Load()-before)
		}
		transport.CloseIdleConnections()
	}
	if err := generate(t.Context(), newClient(t, "http://localhost:1", nothing)); matching(err) != "NotSent" {
		t.Errorf("no connection and no error: %v (%s)", err, matching(err))
	}
}

// A transport of another type decides itself; it sees that a generation wants a
// connection of its own.
func TestOtherTransportsAreAskedToClose(t *testing.T) {
	t.Parallel()
	var closes []bool
	transport := testkit.RoundTripFunc(func(req *http.Request) (*http.Response, error) {
		closes = append(closes, req.Close)
		_, _ = io.Copy(io.Discard, req.Body)
		body := testkit.TaskCreatedBody
		if strings.HasSuffix(req.URL.Path, frozen.Path("deleteImagesTask")) {
			body = successBody
		}
		return testkit.Canned{Status: 200, Header: jsonHeader, Body: []byte(body)}.RoundTrip(req)
	})
	c := newClient(t, wrapper.DefaultBaseURL, transport)
	if err := generate(t.Context(), c); err != nil {
		t.Error(err)
	}
	if _, err := c.DeleteImagesTask(t.Context(), oneID); err != nil {
		t.Error(err)
	}
	if len(closes) != 2 || !closes[0] || closes[1] {
		t.Errorf("Close was %v", closes)
	}
}
