package send

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"slices"
	"strings"
)

// readBody reads and closes the body, so that its connection can be used again,
// and takes at most limit bytes out of decompression. Of a success that is too
// large by its own word it reads nothing, unless the effect is one that may have
// been paid for: then its beginning may say for what.
func readBody(resp *http.Response, limit int64, effect Effect) ([]byte, error) {
	if resp.Body == nil {
		return nil, nil
	}
	defer resp.Body.Close()
	if resp.StatusCode < 200 { // 101 is a raw connection: a read could wait forever
		return nil, nil
	}
	body, err := decompressed(resp)
	switch {
	case err != nil:
		return nil, err
	case resp.ContentLength > limit && IsSuccess(resp.StatusCode) && effect != EachTime:
		return nil, ErrTooLarge
	}
	return readBounded(body, limit, resp.ContentLength)
}

// decompressed returns a reader of the body, and makes resp look as net/http does where
// that decompresses. It leaves gzip to us if Accept-Encoding is not its own, or if the
// server compresses without being asked. A body that only claims to be gzip is read as
// it is, because it may name a task that has been paid for.
func decompressed(resp *http.Response) (io.Reader, error) {
	encoding := resp.Header.Get("Content-Encoding")
	if encoding == "" || resp.Uncompressed || !strings.EqualFold(encoding, "gzip") && !strings.EqualFold(encoding, "x-gzip") {
		return resp.Body, nil
	}
	body := bufio.NewReader(resp.Body)
	start, err := body.Peek(len(gzipMagic))
	switch {
	case err != nil && err != io.EOF:
		return nil, err
	case string(start) != gzipMagic:
		return body, nil
	}
	resp.Header.Del("Content-Encoding")
	resp.Header.Del("Content-Length")
	resp.ContentLength, resp.Uncompressed = -1, true
	return gzip.NewReader(body)
}

// gzipMagic is what each gzip stream begins with (RFC 1952, section 2.3.1).
const gzipMagic = "\x1f\x8b"

// maxHint bounds the memory allocated because of a Content-Length header alone.
const maxHint = 64 << 10

// readBounded is io.ReadAll up to limit bytes. It asks for one byte more, which
// is the only way to know whether there is one.
func readBounded(body io.Reader, limit, hint int64) ([]byte, error) {
	room := int64(bytes.MinRead)
	if hint >= 0 {
		room = min(hint, limit, maxHint) + 1
	}
	data := make([]byte, 0, room)
	for {
		free := data[len(data):cap(data)]
		if left := limit - int64(len(data)); left < int64(len(free)) {
			free = free[:left+1]
		}
		n, err := body.Read(free)
		data = data[:len(data)+n]
		switch {
		case int64(len(data)) > limit:
			return data[:limit], ErrTooLarge
		case err == io.EOF:
			return data, nil
		case err != nil:
			return data, err
		case len(data) == cap(data):
			data = slices.Grow(data, int(growth(int64(len(data)), limit, hint)))
		}
	}
}

// growth returns for how many bytes more there is to be room after so many have come: as
// many again or, as far as Content-Length promises them, three times as many.
func growth(size, limit, hint int64) int64 {
	more := size
	if hint >= size {
		more = min(3*size, hint+1-size)
	}
	return min(more, limit+1-size)
}

// IsSuccess reports whether a status is 2xx.
func IsSuccess(status int) bool { return status >= 200 && status <= 299 }
