package bench

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/bench/http2"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// depth is a little less than encoding/json takes.
const depth = 9990

func nest(open, middle, end string, depth int) string {
	return strings.Repeat(open, depth) + middle + strings.Repeat(end, depth)
}

// nestedBodies break the contract, are about 20 KB, and are nested as deeply as
// that allows.
var nestedBodies = []struct{ name, body string }{
	{"data", `{"code":1000,"msg":"OK","data":` + nest("[", "", "]", depth) + `}`},
	{"msg", `{"code":1000,"msg":` + nest("[", "", "]", depth) + `,"data":{}}`},
	{"status", `{"code":1000,"msg":"OK","data":{"status":` + nest("[", "", "]", depth) + `}}`},
	{"other", `{"code":"1000","msg":"OK","data":{},"x":` + nest("[", "", "]", depth) + `}`},
	{"objects", `{"code":1000,"msg":"OK","data":{"status":` + nest(`{"a":`, "1", "}", depth/3) + `}}`},
}

// BenchmarkNestedRefusal measures the refusal of a response that is costly to
// describe.
func BenchmarkNestedRefusal(b *testing.B) {
	for _, test := range nestedBodies {
		b.Run("nested="+test.name+"/peer=ours", func(b *testing.B) {
			call, err := openOurs(wrapper.DefaultBaseURL, &http2.Transport{Next: always(test.body)})
			if err != nil {
				b.Fatal(err)
			}
			benchmarkRefusal(b, call, wrapper.ErrContract)
		})
	}
}

func always(text string) func(*[http2.MaxBody]byte) []byte {
	body := []byte(text)
	return func(*[http2.MaxBody]byte) []byte { return body }
}

const bombBytes = 64 << 20

// BenchmarkGzipBomb measures the refusal of a response that inflates to 64 MB.
func BenchmarkGzipBomb(b *testing.B) {
	b.Run("peer=ours", func(b *testing.B) {
		service := startService(b, serveGzip(gzipZeros(b, bombBytes)))
		call, err := openOurs(service.URL, newTransport(b))
		if err != nil {
			b.Fatal(err)
		}
		benchmarkRefusal(b, call, wrapper.ErrResponseTooLarge)
	})
}

// gzipZeros compresses a JSON string of so many zeros.
func gzipZeros(tb testing.TB, size int64) []byte {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	zeros := io.LimitReader(zeroReader{}, size-2)
	if _, err := io.Copy(w, io.MultiReader(strings.NewReader(`"`), zeros, strings.NewReader(`"`))); err != nil {
		tb.Fatal(err)
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return packed.Bytes()
}

type zeroReader struct{}

func (zeroReader) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '0'
	}
	return len(p), nil
}

func serveGzip(packed []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(packed) // fails if the client has seen enough
	}
}

func benchmarkRefusal(b *testing.B, call calls, want error) {
	ctx, ids := b.Context(), taskIDs(1)
	b.ReportAllocs()
	for b.Loop() {
		if err := call.remove(ctx, ids); !errors.Is(err, want) {
			b.Fatalf("got %v, want %v", err, want)
		}
	}
}
