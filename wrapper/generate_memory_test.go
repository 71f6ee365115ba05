package wrapper

import (
	"io"
	"net/http"
	"runtime/metrics"
	"testing"
	"time"

	"github.com/oapi-codegen/runtime/types"

	"github.com/tensorslab/tensorslab-go/generated"
)

const (
	largeSource = 200 << 20
	mostHeap    = 32 << 20
)

// A source image is never in memory, whatever its size: neither while it is
// copied nor while it is sent. The server in this process counts as well.
func TestLargeSourcesAreStreamed(t *testing.T) {
	if testing.Short() {
		t.Skip("it sends 200 MB")
	}
	var received int64
	url, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		received, _ = io.Copy(io.Discard, r.Body)
		answers(200, createdBody)(w, r)
	})
	peak := peakHeap(t)
	source, err := NewSource("large.png", io.LimitReader(zeros{}, largeSource))
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	c := newTestClient(t, url, WithTimeout(time.Minute))
	_, err = c.SeeDreamV45(t.Context(), generated.SeeDreamV45MultipartRequestBody{Prompt: "a", SourceImage: []types.File{source.File()}})
	if err != nil || received <= largeSource {
		t.Errorf("%v after %d bytes", err, received)
	}
	if heap := peak(); heap > mostHeap {
		t.Errorf("the heap grew to %d MiB", heap>>20)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// peakHeap samples the heap until it is asked for the peak.
func peakHeap(t *testing.T) func() uint64 {
	t.Helper()
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	stop, peak := make(chan struct{}), make(chan uint64)
	go func() {
		var most uint64
		for tick := time.NewTicker(2 * time.Millisecond); ; {
			metrics.Read(sample)
			most = max(most, sample[0].Value.Uint64())
			select {
			case <-tick.C:
			case <-stop:
				tick.Stop()
				peak <- most
				return
			}
		}
	}()
	return func() uint64 { close(stop); return <-peak }
}
