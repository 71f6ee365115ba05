package bench

import (
	"context"
	"errors"
	"iter"
	"net/http"

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
	raw, err := openRaw(baseURL, transport)
	if err != nil {
		return nil, err
	}
	return poolOf(raw.remove, wrapper.DefaultBatchSize, wrapper.DefaultConcurrency), nil
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

// PurgeHeap returns the largest heap, in bytes, that was seen while ours purged so many
// ids over loopback. It includes that of the server.
func PurgeHeap(ctx context.Context, ids int) (peak uint64, err error) {
	b := &testBed{}
	defer b.end()
	run, err := openPurge(loopback.open(b, (&responses{differ: true}).next))
	if err != nil {
		return 0, err
	}
	confirmed := 0
	peak = peakHeap(func() { confirmed, err = run(ctx, manyIDs(ids)) })
	if err == nil && confirmed != ids {
		err = errors.New("ids are missing")
	}
	return peak, err
}
