package conformance

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/internal/testkit"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// The same as TestRandomServers for servers that speak HTTP/2: what a caller is
// told of each call agrees with what the server did, however streams end. A
// generation is sent again only if HTTP/2 guarantees that it was not processed.
// It has the same flags.
func TestRandomHTTP2Servers(t *testing.T) {
	t.Parallel()
	seed := *randomSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	authority := testkit.NewAuthority(t)
	config := authority.ServerConfig(t, "127.0.0.1", time.Now().Add(time.Hour))
	config.NextProtos = []string{"h2"}
	seen, rounds := map[string]int{}, 0
	unseen := func(kind string) bool { return seen["generation "+kind] == 0 }
	for start := time.Now(); rounds < 2 || time.Since(start) < *randomFor || rounds < 100 && slices.ContainsFunc(generationKinds, unseen); rounds++ {
		name := fmt.Sprint("seed ", seed+uint64(rounds))
		if !t.Run(name, func(t *testing.T) { newHTTP2Round(t, seed+uint64(rounds), authority, config, seen).run(t) }) {
			t.Fatalf("to see it again: -run TestRandomHTTP2Servers -randomseed=%d", seed+uint64(rounds))
		}
	}
	for _, kind := range generationKinds {
		if unseen(kind) {
			t.Errorf("in %d rounds no generation was %s: %v", rounds, kind, seen)
		}
	}
	t.Logf("%d rounds from seed %d: %v", rounds, seed, seen)
}

// newHTTP2Round returns a round with a server that speaks HTTP/2 over TLS.
func newHTTP2Round(t *testing.T, seed uint64, authority *testkit.Authority, config *tls.Config, seen map[string]int) *randomRound {
	t.Helper()
	d := newDice(seed)
	r := &randomRound{randomServer: &randomServer{dice: d, received: map[string]int{}, acted: map[string]int{}}}
	var open atomic.Int32
	t.Cleanup(func() { // after the server has come to rest
		waitForZero(t, &open)
		r.compareAll(t, seen)
	})
	transport := testkit.Transport(t)
	transport.DialContext = countedDialer(&open)
	transport.MaxConnsPerHost = d.below(2) * (3 + d.below(5))
	transport.TLSClientConfig = &tls.Config{RootCAs: authority.Pool}
	base := "https://" + testkit.Listen(t, testkit.OverTLS(config, r.serveHTTP2))
	// A stream that never ends costs this timeout.
	r.client = newClient(t, base, transport, wrapper.WithTimeout(time.Second), retries(1+d.below(3), time.Microsecond, time.Second))
	r.source = newSource(t, testkit.Image(int64(50_000+d.below(1<<d.below(21)))))
	return r
}

// countedConn is a connection of the client's. Its write may fail a second
// before the client closes it.
type countedConn struct {
	net.Conn
	closed func()
}

func (c *countedConn) Close() error {
	c.closed()
	return c.Conn.Close()
}

func countedDialer(open *atomic.Int32) func(ctx context.Context, network, address string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		open.Add(1)
		closed := sync.OnceFunc(func() { open.Add(-1) })
		conn, err := new(net.Dialer).DialContext(ctx, network, address)
		if err != nil {
			closed()
			return nil, err
		}
		return &countedConn{conn, closed}, nil
	}
}

// waitForZero waits until all connections are closed.
func waitForZero(t *testing.T, open *atomic.Int32) {
	t.Helper()
	for deadline := time.Now().Add(testkit.HangLimit); open.Load() > 0; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d connections are still open", open.Load())
		}
	}
}
