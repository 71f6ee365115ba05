package bench

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/tensorslab/tensorslab-go/bench/http2"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// Case is one thing that several peers do, so that they can be compared.
type Case struct {
	Name    string
	Peers   []Peer             // ours is the last one
	Goals   map[string]float64 // what ours costs at most, as a multiple of a peer's cost
	CPUOnly bool               // instructions are not counted: it is too long, or the system does most of it
}

// Peer is one way to do it.
type Peer struct {
	Name string
	open func(b bed) (func(context.Context) error, error)
}

// link is what lies between a peer and its responses.
type link struct {
	name string
	open func(b bed, next func(*[http2.MaxBody]byte) []byte) (baseURL string, transport http.RoundTripper)
}

var (
	stub = link{"stub", func(_ bed, next func(*[http2.MaxBody]byte) []byte) (string, http.RoundTripper) {
		return wrapper.DefaultBaseURL, &http2.Transport{Next: next}
	}}
	loopback = link{"loopback", func(b bed, next func(*[http2.MaxBody]byte) []byte) (string, http.RoundTripper) {
		return startService(b, serveResponses(next)).URL, newTransport(b)
	}}
)

// taskIDs returns n ids that look like those of the contract.
func taskIDs(n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = taskID(i)
	}
	return ids
}

func taskID(i int) string { return fmt.Sprintf("abcd_%016x", i) }

// Cases lists what is compared.
func Cases() []Case {
	return []Case{
		call(stub, 1, 1.20, 0.60), call(stub, 100, 0.75, 0.50), call(stub, 10_000, 0.35, 0.35),
		call(loopback, 1, 1.10, 0), call(loopback, 100, 1.05, 0), call(loopback, 10_000, 0.60, 0),
		query(stub, 3, map[string]float64{"raw": 1.0}), query(loopback, 3, map[string]float64{"raw": 1.10}),
		query(stub, 16_500, map[string]float64{"plain": 1.30}), // a response of 1 MB
		purge(false, 1.10), purge(true, 1.15),
		generation("generate", 0, nil), generation("upload-64MB", sourceSize, map[string]float64{"raw": 1.10}), download(1.10),
	}
}

// call is a deletion, to which each response is another.
func call(l link, ids int, plain, filter float64) Case {
	c := Case{Name: fmt.Sprintf("call/%s/ids=%d", l.name, ids), Goals: map[string]float64{"plain": plain}}
	if filter > 0 {
		c.Goals["filter"] = filter
	}
	list := taskIDs(ids)
	for _, p := range peers {
		c.Peers = append(c.Peers, Peer{p.name, func(b bed) (func(context.Context) error, error) {
			calls, err := p.open(l.open(b, (&responses{differ: true}).next))
			return func(ctx context.Context) error { return calls.remove(ctx, list) }, err
		}})
	}
	return c
}

func query(l link, urls int, goals map[string]float64) Case {
	c := Case{Name: fmt.Sprintf("query/%s/urls=%d", l.name, urls), Goals: goals}
	body := []byte(completedResponse(urls))
	for _, p := range peers {
		c.Peers = append(c.Peers, Peer{p.name, func(b bed) (func(context.Context) error, error) {
			calls, err := p.open(l.open(b, func(*[http2.MaxBody]byte) []byte { return body }))
			return func(ctx context.Context) error {
				n, err := calls.query(ctx, taskID(0))
				if err == nil && n != urls {
					err = fmt.Errorf("%d URLs", n)
				}
				return err
			}, err
		}})
	}
	return c
}

// purgedIDs is how many ids a purge deletes.
const purgedIDs = 1_000_000

func purge(differ bool, goal float64) Case {
	c := Case{Name: fmt.Sprintf("purge-1M/different=%t", differ), CPUOnly: true, Goals: map[string]float64{"raw": goal}}
	for _, p := range purgers {
		c.Peers = append(c.Peers, Peer{p.name, func(b bed) (func(context.Context) error, error) {
			run, err := p.open(loopback.open(b, (&responses{differ: differ}).next))
			return func(ctx context.Context) error {
				confirmed, err := run(ctx, manyIDs(purgedIDs))
				if err == nil && confirmed != purgedIDs {
					err = errors.New("ids are missing")
				}
				return err
			}, err
		}})
	}
	return c
}

// generation has no goal without a source: ours opens a connection for each, which keeps
// a payment out of doubt, and costs more than all else.
func generation(name string, size int, goals map[string]float64) Case {
	return Case{Name: name, CPUOnly: true, Goals: goals, Peers: []Peer{
		{"raw", func(b bed) (func(context.Context) error, error) {
			return generateRaw(b, startService(b, respond(createdResponse)).URL, picture(size)), nil
		}},
		{"ours", func(b bed) (func(context.Context) error, error) {
			c, err := newClient(b, startService(b, respond(createdResponse)).URL)
			return generateOurs(c, picture(size)), err
		}},
	}}
}

func download(goal float64) Case {
	return Case{Name: "download-16MB", CPUOnly: true, Goals: map[string]float64{"raw": goal}, Peers: []Peer{
		{"raw", func(b bed) (func(context.Context) error, error) {
			return downloadRaw(b, startService(b, servePicture()).URL), nil
		}},
		{"ours", func(b bed) (func(context.Context) error, error) {
			url := startService(b, servePicture()).URL
			c, err := newClient(b, url)
			return downloadOurs(c, url), err
		}},
	}}
}
