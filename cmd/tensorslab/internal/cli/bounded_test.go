package cli

import (
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func TestBounded(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		length int
		ok     bool
	}{"none": {0, true}, "less": {1<<20 - 1, true}, "as many": {1 << 20, true}, "one more": {1<<20 + 1, false}, "far more": {3 << 20, false}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, wrap := range []func(io.Reader) io.Reader{iotest.HalfReader, iotest.DataErrReader} {
				data, err := io.ReadAll(Bounded(wrap(strings.NewReader(strings.Repeat("x", tt.length))), 1<<20))
				if (err == nil) != tt.ok || len(data) != min(tt.length, 1<<20) || err != nil && err.Error() != "it is larger than 1 MiB" {
					t.Errorf("%d bytes, %v", len(data), err)
				}
			}
		})
	}
}
