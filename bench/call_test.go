package bench

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/tensorslab/tensorslab-go/bench/http2"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// link is what lies between a peer and its responses.
type link struct {
	name string
	open func(tb testing.TB, a *responses) (baseURL string, transport http.RoundTripper)
}

var links = []link{
	{"stub", func(_ testing.TB, a *responses) (string, http.RoundTripper) {
		return wrapper.DefaultBaseURL, &http2.Transport{Next: a.next}
	}},
	{"loopback", func(tb testing.TB, a *responses) (string, http.RoundTripper) {
		return startService(tb, serveResponses(a)).URL, newTransport(tb)
	}},
}

// kinds are the responses that a peer gets in one benchmark.
var kinds = []struct {
	name   string
	differ bool
}{{"same", false}, {"different", true}}

// taskIDs returns n ids that look like those of the contract.
func taskIDs(n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = taskID(i)
	}
	return ids
}

func taskID(i int) string { return fmt.Sprintf("abcd_%016x", i) }

func BenchmarkCall(b *testing.B) {
	for _, l := range links {
		for _, kind := range kinds {
			for _, n := range []int{1, 100, 10_000} {
				for _, p := range peers {
					b.Run(fmt.Sprintf("transport=%s/response=%s/ids=%d/peer=%s", l.name, kind.name, n, p.name), func(b *testing.B) {
						benchmarkCall(b, l, &responses{differ: kind.differ}, p, taskIDs(n))
					})
				}
			}
		}
	}
}

func benchmarkCall(b *testing.B, l link, a *responses, p peer, ids []string) {
	call, err := p.open(l.open(b, a))
	if err != nil {
		b.Fatal(err)
	}
	ctx := b.Context()
	b.ReportAllocs()
	for b.Loop() {
		if err := call(ctx, ids); err != nil {
			b.Fatal(err)
		}
	}
}
