package fakeapi_test

import (
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

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
		f.untilLook = 8 << 20
		f.heap = max(f.heap, heapSize())
	}
	return n, nil
}

func heapSize() uint64 {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

// A file of 200 MB passes through in less than 4 MiB of heap, the client's part
// included, and is one task although its response is lost. It runs alone:
// other tests use the heap too.
func TestLargeUploadsPassThrough(t *testing.T) {
	const size, most = 200_000_000, 4 << 20
	srv := fakeapi.Start(t)
	create(t, srv) // what is made once
	srv.FailNext(1, fakeapi.DropAnswer())
	contentType, form := encodeForm(t, text("prompt", "a fox")[0], file("sourceImage", "large.bin", "CONTENT"))
	head, tail, _ := strings.Cut(form, "CONTENT")
	source := &meteredFile{left: size}
	req := request(t, srv, http.MethodPost, v4Path, "")
	req.Header.Set("Content-Type", contentType)
	req.Body = io.NopCloser(io.MultiReader(strings.NewReader(head), source, strings.NewReader(tail)))
	req.ContentLength, req.GetBody = int64(len(head)+size+len(tail)), nil
	runtime.GC()
	before := heapSize()
	if got := send(srv, req); got.err == nil {
		t.Errorf("got a response, %d", got.status)
	}
	if grown := int64(source.heap) - int64(before); grown > most || source.left != 0 {
		t.Errorf("the heap grew by %d bytes, want at most %d; %d bytes were not read", grown, most, source.left)
	}
	want := []fakeapi.Upload{{Field: "sourceImage", Filename: "large.bin", ContentType: "image/png", Size: size, SHA256: sumOfZeros}}
	if diff := cmp.Diff(want, srv.Requests()[1].Uploads); diff != "" {
		t.Errorf("uploads (-want +got):\n%s", diff)
	}
	wantTasks(t, srv, firstTask, "fake_0000000000000002")
}

// sumOfZeros is the SHA-256 of 200,000,000 zero bytes.
const sumOfZeros = "d162f6594b643795442d4c7bba3a1711962b9e63717625d9f1f9696df315c86b"
