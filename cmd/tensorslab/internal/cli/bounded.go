package cli

import (
	"fmt"
	"io"
)

// Bounded returns a reader that fails once r has given more than limit bytes, which are
// whole megabytes where people are told of them.
func Bounded(r io.Reader, limit int64) io.Reader { return &boundedReader{r, limit, limit} }

type boundedReader struct {
	r           io.Reader
	left, limit int64
}

func (b *boundedReader) Read(p []byte) (int, error) {
	n, err := b.r.Read(p[:min(int64(len(p)), b.left+1)])
	if int64(n) > b.left {
		return int(b.left), fmt.Errorf("it is larger than %d MiB", b.limit>>20)
	}
	b.left -= int64(n)
	return n, err
}
