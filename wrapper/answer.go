package wrapper

import (
	"bytes"
	"io"
	"net/http"
)

// answer is a response's body, read to its end or to the limit, and what cut
// it short.
type answer struct {
	bytes.Reader
	data []byte
	err  error
}

// Close has nothing left to close: the connection is free already.
func (*answer) Close() error { return nil }

// maxHint bounds the memory taken on the word of a Content-Length header.
const maxHint = 64 << 10

// readAnswer reads and closes the body, so that its connection can be used
// again, and takes at most limit bytes out of decompression.
func readAnswer(resp *http.Response, limit int64) *answer {
	if resp.Body == nil {
		return newAnswer(nil, nil)
	}
	defer resp.Body.Close()
	if resp.StatusCode < 200 {
		return newAnswer(nil, nil) // 101 is a raw connection: a read could wait for ever
	}
	if resp.ContentLength > limit && isSuccess(resp.StatusCode) {
		return newAnswer(nil, ErrResponseTooLarge)
	}
	hint := min(max(resp.ContentLength, 0), limit, maxHint)
	buf := bytes.NewBuffer(make([]byte, 0, hint+bytes.MinRead))
	n, err := buf.ReadFrom(io.LimitReader(resp.Body, limit))
	if err == nil && n == limit && !atEnd(resp.Body) {
		err = ErrResponseTooLarge
	}
	return newAnswer(buf.Bytes(), err)
}

// atEnd asks for one byte more, which is the only way to know.
func atEnd(body io.Reader) bool {
	_, err := io.ReadFull(body, make([]byte, 1))
	return err == io.EOF
}

func newAnswer(data []byte, err error) *answer {
	a := &answer{data: data, err: err}
	a.Reset(data)
	return a
}

func isSuccess(status int) bool { return status >= 200 && status <= 299 }
