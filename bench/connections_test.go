package bench

import (
	"net/http"
	"sync"
	"testing"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

const (
	manyCalls   = 3200
	manyWorkers = 64
)

// BenchmarkConnections counts the connections that many calls at once open, each
// peer with the transport that it has by default.
func BenchmarkConnections(b *testing.B) {
	tests := []struct {
		name string
		open func(tb testing.TB, baseURL string) (calls, error)
	}{
		{"plain", func(tb testing.TB, baseURL string) (calls, error) {
			transport := http.DefaultTransport.(*http.Transport).Clone()
			tb.Cleanup(transport.CloseIdleConnections)
			return openPlain(baseURL, transport)
		}},
		{"ours", func(_ testing.TB, baseURL string) (calls, error) {
			return openWrapper(wrapper.WithBaseURL(baseURL))
		}},
	}
	for _, test := range tests {
		b.Run("peer="+test.name, func(b *testing.B) {
			var connections int64
			for b.Loop() {
				service := startService(b, serveResponses((&responses{}).next))
				call, err := test.open(b, service.URL)
				if err != nil {
					b.Fatal(err)
				}
				callAtOnce(b, call)
				connections += service.connections.Load()
			}
			b.ReportMetric(float64(connections)/float64(b.N), "connections")
		})
	}
}

func callAtOnce(tb testing.TB, call calls) {
	var wg sync.WaitGroup
	ids := taskIDs(1)
	for range manyWorkers {
		wg.Go(func() {
			for range manyCalls / manyWorkers {
				if err := call.remove(tb.Context(), ids); err != nil {
					tb.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
}
