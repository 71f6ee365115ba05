package testkit

import (
	"compress/gzip"
	"io"
	"os"
	"strings"
	"testing"
	"time"
)

var kept []byte

// Not parallel: the heap is that of the whole process.
func TestHeapGrowth(t *testing.T) {
	const size = 64 << 20
	defer func() { kept = nil }()
	if got := HeapGrowth(func() { kept = make([]byte, size) }); got < size || got > 2*size {
		t.Errorf("%d bytes grew the heap by %d", size, got)
	}
	if got := HeapGrowth(func() {}); got > size/2 {
		t.Errorf("nothing grew the heap by %d", got)
	}
}

// Not parallel: it sets an environment variable.
func TestOpenTempFiles(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	f, err := os.CreateTemp("", "mine-*")
	if err != nil {
		t.Fatal(err)
	}
	if n := OpenTempFiles(t, "mine-"); n != 1 {
		t.Errorf("%d files, want 1", n)
	}
	f.Close()
	if n := OpenTempFiles(t, "mine-"); n != 0 {
		t.Errorf("%d files, want 0", n)
	}
}

func TestTimeoutsGrow(t *testing.T) {
	t.Parallel()
	var all []time.Duration
	for d, last := range Timeouts() {
		all = append(all, d)
		if last != (d == 51200*time.Millisecond) {
			t.Errorf("%v is the last: %t", d, last)
		}
	}
	if len(all) != 6 || all[0] != 50*time.Millisecond {
		t.Errorf("got %v", all)
	}
}

func TestGzipAndZeros(t *testing.T) {
	t.Parallel()
	r, err := gzip.NewReader(strings.NewReader(Gzip("abc")))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(r); string(got) != "abc" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	p := []byte("abc")
	if n, err := (Zeros{}).Read(p); n != 3 || err != nil || string(p) != "\x00\x00\x00" {
		t.Errorf("got %q, %v", p, err)
	}
}
