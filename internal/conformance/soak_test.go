package conformance

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"iter"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

var (
	soakFor  = flag.Duration("soak", 0, "how long the soak test runs; 0 means a few rounds")
	soakSeed = flag.Uint64("soakseed", 0, "seed of the soak test's first round; 0 means any")
)

// kinds is what may become of an id. A few rounds by chance may lack one.
var kinds = []string{"deleted", "not sent", "refused", "unknown", "invalid"}

// The outcome that a purge yields for each id must agree with what the service
// did, whatever goes wrong. Each round has other faults, sizes and ends; its seed is printed if it fails.
func TestSoak(t *testing.T) {
	t.Parallel()
	seed := *soakSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	seen, rounds := map[string]int{}, 0
	unseen := func(kind string) bool { return seen[kind] == 0 }
	for start := time.Now(); rounds < 12 || time.Since(start) < *soakFor || rounds < 200 && slices.ContainsFunc(kinds, unseen); rounds++ {
		r := newRound(t, seed+uint64(rounds))
		r.purge(t)
		r.close()
		if r.compare(t, seen); t.Failed() {
			t.Fatalf("to see it again: -run TestSoak -soakseed=%d (%+v)", seed+uint64(rounds), r.options)
		}
	}
	for _, kind := range kinds {
		if unseen(kind) {
			t.Errorf("in %d rounds no id was %s: %v", rounds, kind, seen)
		}
	}
	t.Logf("%d rounds from seed %d: %v", rounds, seed, seen)
}

// round is one purge of some hundred ids.
type round struct {
	*dice
	service   *truth
	server    *httptest.Server
	transport *http.Transport
	client    *wrapper.Client
	options   wrapper.PurgeOptions

	pulled  map[string]int
	yielded map[string]error
	stopped bool // the loop was broken, or the context ended
	broken  bool
}

func newRound(t *testing.T, seed uint64) *round {
	t.Helper()
	d := newDice(seed)
	r := &round{dice: d, service: newTruth(d), pulled: map[string]int{}, yielded: map[string]error{}}
	r.server = httptest.NewServer(r.service)
	r.transport = http.DefaultTransport.(*http.Transport).Clone()
	r.transport.MaxIdleConnsPerHost = 1 + d.below(4)
	r.transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		if d.in(10) {
			return nil, &net.OpError{Op: "dial", Net: network, Err: syscall.ECONNREFUSED}
		}
		return new(net.Dialer).DialContext(ctx, network, address)
	}
	r.options = wrapper.PurgeOptions{BatchSize: 1 + d.below(9), Concurrency: 1 + d.below(6), Isolate: d.in(2), StopAfter: 1 + d.below(50)}
	r.client = newClient(t, r.server.URL, r.transport,
		wrapper.WithTimeout(60*time.Millisecond), wrapper.WithMaxResponseBytes(4096),
		retries(1+d.below(3), time.Microsecond, time.Second),
		wrapper.WithRequestEditor(func(context.Context, *http.Request) error {
			if d.in(50) {
				return errors.New("no token today")
			}
			return nil
		}))
	return r
}

func (r *round) ids(t *testing.T, n int) iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := range n {
			id := fmt.Sprintf("task-%d", i)
			switch {
			case r.in(60):
				id += "-poison"
			case r.in(60):
				id += "-\xff"
			}
			if r.stopped {
				t.Errorf("%s was pulled after the end", id)
			}
			if r.pulled[id]++; !yield(id) {
				return
			}
		}
	}
}

func (r *round) purge(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	n := 50 + r.below(200)
	end, at := r.below(6), 1+r.below(n)
	if end == 0 {
		timer := time.AfterFunc(time.Duration(r.below(20000))*time.Microsecond, cancel)
		defer timer.Stop()
	}
	batches := 0
	for ids, err := range r.client.PurgeImagesTasks(ctx, r.ids(t, n), r.options) {
		for _, id := range ids {
			if _, twice := r.yielded[id]; twice {
				t.Errorf("%s was yielded twice", id)
			}
			r.yielded[id] = err
		}
		batches++
		switch {
		case end == 1 && batches == at:
			cancel()
			r.stopped = true
		case end == 2 && batches == at:
			r.stopped, r.broken = true, true
		}
		if r.broken {
			break
		}
	}
	if ctx.Err() == nil && !r.broken && len(r.yielded) != n {
		t.Errorf("%d of %d ids were yielded", len(r.yielded), n)
	}
}

func (r *round) close() {
	r.transport.CloseIdleConnections()
	r.server.CloseClientConnections()
	r.server.Close()
	r.service.handlers.Wait()
}

// compare compares the outcomes with the truth, once the service has come to rest.
func (r *round) compare(t *testing.T, seen map[string]int) {
	t.Helper()
	if err := errors.Join(r.service.faults...); err != nil {
		t.Error(err)
	}
	for id, n := range r.pulled {
		err, ok := r.yielded[id]
		switch {
		case n != 1:
			t.Errorf("%s was pulled %d times", id, n)
		case !ok && !r.broken:
			t.Errorf("%s was pulled and forgotten", id)
		case ok:
			kind := outcomeKind(err)
			seen[kind]++
			r.compareOne(t, id, kind, err)
		}
	}
	for id := range r.yielded {
		if r.pulled[id] == 0 {
			t.Errorf("%s was yielded and never pulled", id)
		}
	}
}

func (r *round) compareOne(t *testing.T, id, kind string, err error) {
	t.Helper()
	deleted := r.service.deleted[id] > 0
	if kind == "deleted" != deleted && kind != "unknown" {
		t.Errorf("%s was yielded as %s, deleted: %t (%v)", id, kind, deleted, err)
	}
	if errors.Is(err, wrapper.ErrNotSent) && errors.Is(err, wrapper.ErrOutcomeUnknown) {
		t.Errorf("%s is not sent and of unknown outcome: %v", id, err)
	}
	if err != nil {
		checkText(t, err)
	}
}

func outcomeKind(err error) string {
	switch {
	case err == nil:
		return "deleted"
	case errors.Is(err, wrapper.ErrOutcomeUnknown):
		return "unknown"
	case errors.Is(err, wrapper.ErrInvalidRequest):
		return "invalid"
	case errors.Is(err, wrapper.ErrNotSent):
		return "not sent"
	}
	return "refused"
}
