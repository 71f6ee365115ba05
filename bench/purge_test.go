package bench

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"testing"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

// openPurge prepares the wrapper's purge, with its default batches and workers.
func openPurge(baseURL string, transport http.RoundTripper) (purger, error) {
	client, err := wrapper.NewClient(apiKey, wrapper.WithBaseURL(baseURL), wrapper.WithHTTPClient(&http.Client{Transport: transport}))
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, ids iter.Seq[string]) (int, error) {
		var confirmed int
		var failed errorList
		for batch, err := range client.PurgeImagesTasks(ctx, ids, wrapper.PurgeOptions{}) {
			if err != nil {
				failed.add(err)
				continue
			}
			confirmed += len(batch)
		}
		return confirmed, failed.joined()
	}, nil
}

// openPool prepares the hand-written pool with as many workers and batches as
// large.
func openPool(baseURL string, transport http.RoundTripper) (purger, error) {
	call, err := openRaw(baseURL, transport)
	if err != nil {
		return nil, err
	}
	return poolOf(call, wrapper.DefaultBatchSize, wrapper.DefaultConcurrency), nil
}

var purgers = []struct {
	name string
	open func(baseURL string, transport http.RoundTripper) (purger, error)
}{{"raw", openPool}, {"ours", openPurge}}

// manyIDs yields n ids, each made when it is pulled.
func manyIDs(n int) iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := range n {
			if !yield(taskID(i)) {
				return
			}
		}
	}
}

func BenchmarkPurge(b *testing.B) {
	for _, n := range []int{100_000, 1_000_000} {
		for _, p := range purgers {
			b.Run(fmt.Sprintf("ids=%d/peer=%s", n, p.name), func(b *testing.B) {
				purge, err := p.open(startService(b, serveResponses(&responses{})).URL, newTransport(b))
				if err != nil {
					b.Fatal(err)
				}
				benchmarkPurge(b, purge, n)
			})
		}
	}
}

func benchmarkPurge(b *testing.B, purge purger, n int) {
	ctx := b.Context()
	var peak uint64
	for b.Loop() {
		var confirmed int
		var err error
		peak = max(peak, peakHeap(func() { confirmed, err = purge(ctx, manyIDs(n)) }))
		if err != nil || confirmed != n {
			b.Fatalf("confirmed %d of %d ids: %v", confirmed, n, err)
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "ids/s")
	b.ReportMetric(float64(peak), "peak-heap-bytes")
}

func TestPurgersDeleteEachIDOnce(t *testing.T) {
	for _, p := range purgers {
		for _, n := range []int{0, 1, 100, 1234} {
			t.Run(fmt.Sprintf("%s/%d", p.name, n), func(t *testing.T) {
				t.Parallel()
				seen := &record{}
				purge, err := p.open(startService(t, seen.serve(success)).URL, newTransport(t))
				if err != nil {
					t.Fatal(err)
				}
				if confirmed, err := purge(t.Context(), manyIDs(n)); err != nil || confirmed != n {
					t.Fatalf("confirmed %d of %d ids, error %v", confirmed, n, err)
				}
				seen.wantEachOnce(t, taskIDs(n))
			})
		}
	}
}

func TestPurgersCountRefusalsAsFailures(t *testing.T) {
	for _, p := range purgers {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			seen := &record{}
			purge, err := p.open(startService(t, seen.serve(failure)).URL, newTransport(t))
			if err != nil {
				t.Fatal(err)
			}
			if confirmed, err := purge(t.Context(), manyIDs(250)); err == nil || confirmed != 0 {
				t.Errorf("confirmed %d ids, error %v; want none and an error", confirmed, err)
			}
		})
	}
}

func TestPoolKeepsFewErrors(t *testing.T) {
	want := errors.New("refused")
	pool := poolOf(func(context.Context, []string) error { return want }, 1, 4)
	_, err := pool(t.Context(), manyIDs(100))
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok || len(joined.Unwrap()) != maxErrors || !errors.Is(err, want) {
		t.Errorf("got %v, want the error %d times", err, maxErrors)
	}
}
