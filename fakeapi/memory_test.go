package fakeapi_test

import (
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// meteredFile is a large file that is made while it is read, and notes how
// large the heap becomes meanwhile.
type meteredFile struct {
	left, untilLook int
	heap            uint64
}

func (f *meteredFile) Read(b []byte) (int, error) {
	if f.left == 0 {
		return 0, io.EOF
	}
	n := min(len(b), f.left)
	clear(b[:n])
	f.left -= n
	if f.untilLook -= n; f.untilLook <= 0 {
		f.untilLook = 1 << 20
		f.heap = max(f.heap, heapSize())
	}
	return n, nil
}

func heapSize() uint64 {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

// A file of 200 MB passes through in less than 8 MiB of heap, the client's part
// included. It runs by itself: other tests use the heap too.
func TestLargeUploadsPassThrough(t *testing.T) {
	const size, most = 200_000_000, 8 << 20
	srv := fakeapi.Start(t)
	must(t, send(srv, generation(t, srv, v4Path))) // what is made once
	for _, fault := range []fakeapi.Fault{{}, fakeapi.DropAnswer()} {
		srv.FailNext(1, fault)
		contentType, form := encodeForm(t, text("prompt", "a fox")[0], file("sourceImage", "large.bin", "CONTENT"))
		head, tail, _ := strings.Cut(form, "CONTENT")
		source := &meteredFile{left: size}
		req := request(t, srv, http.MethodPost, v4Path, "")
		req.Header.Set("Content-Type", contentType)
		req.Body = io.NopCloser(io.MultiReader(strings.NewReader(head), source, strings.NewReader(tail)))
		req.ContentLength, req.GetBody = int64(len(head)+size+len(tail)), nil
		runtime.GC()
		before := heapSize()
		send(srv, req)
		if grown := int64(source.heap) - int64(before); grown > most || source.left != 0 {
			t.Errorf("the heap grew by %d bytes, want at most %d; %d bytes were not read", grown, most, source.left)
		}
		all := srv.Requests()
		if got := all[len(all)-1]; len(got.Uploads) != 1 || got.Uploads[0].Size != size || got.Uploads[0].SHA256 != sumOfZeros {
			t.Errorf("recorded %v", got.Uploads)
		}
	}
	if got := fmt.Sprint(srv.Tasks()); got != "[fake_0000000000000001 fake_0000000000000002 fake_0000000000000003]" {
		t.Errorf("tasks %s: a lost answer leaves one task", got)
	}
}

// sumOfZeros is the SHA-256 of 200,000,000 zero bytes.
const sumOfZeros = "d162f6594b643795442d4c7bba3a1711962b9e63717625d9f1f9696df315c86b"
