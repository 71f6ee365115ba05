package wrapper

import (
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
)

func TestReadBodyAtTheLimit(t *testing.T) {
	t.Parallel()
	const limit = 100
	for _, size := range []int{0, 1, limit - 1, limit, limit + 1, 10 * limit} {
		for _, declared := range []int64{-1, int64(size)} {
			body := &closeSpy{Reader: strings.NewReader(strings.Repeat("x", size))}
			data, err := readBody(&http.Response{StatusCode: 200, Body: body, ContentLength: declared}, limit)
			if tooLarge := errors.Is(err, ErrResponseTooLarge); tooLarge != (size > limit) || !tooLarge && err != nil {
				t.Errorf("%d bytes, %d declared: %v", size, declared, err)
			}
			if !body.closed || len(data) > limit || err == nil && len(data) != size {
				t.Errorf("%d bytes, %d declared: closed %t, kept %d", size, declared, body.closed, len(data))
			}
		}
	}
}

// counter is an endless body that counts what is taken from it.
type counter struct{ n int64 }

func (c *counter) Read(p []byte) (int, error) {
	c.n += int64(len(p))
	return len(p), nil
}

func TestReadBodyTakesNoMoreThanTheLimit(t *testing.T) {
	t.Parallel()
	const limit = 100 << 10
	for _, status := range []int{200, 500} {
		body := &counter{}
		_, err := readBody(&http.Response{StatusCode: status, Body: io.NopCloser(body), ContentLength: -1}, limit)
		if !errors.Is(err, ErrResponseTooLarge) || body.n > limit+1 {
			t.Errorf("HTTP %d: %v after %d bytes", status, err, body.n)
		}
	}
	body := &counter{}
	_, err := readBody(&http.Response{StatusCode: 200, Body: io.NopCloser(body), ContentLength: limit + 1}, limit)
	if !errors.Is(err, ErrResponseTooLarge) || body.n != 0 {
		t.Errorf("declared too large: %v after %d bytes", err, body.n)
	}
}

func TestReadBodyKeepsWhatCameBeforeAnError(t *testing.T) {
	t.Parallel()
	cut := io.MultiReader(strings.NewReader("first"), iotest.ErrReader(io.ErrUnexpectedEOF))
	data, err := readBody(&http.Response{StatusCode: 500, Body: io.NopCloser(cut)}, 100)
	if !errors.Is(err, io.ErrUnexpectedEOF) || string(data) != "first" {
		t.Errorf("got %q, %v", data, err)
	}
}

func TestReadBodyLeavesARawConnectionAlone(t *testing.T) {
	t.Parallel()
	body := &closeSpy{Reader: iotest.ErrReader(errors.New("read"))}
	if _, err := readBody(&http.Response{StatusCode: 101, Body: body}, 100); err != nil || !body.closed {
		t.Errorf("%v, closed %t", err, body.closed)
	}
}

// The limit is on what comes out of decompression.
func TestCompressedAnswers(t *testing.T) {
	t.Parallel()
	gzipped := func(n int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			_, _ = io.WriteString(z, successBody+strings.Repeat(" ", n-len(successBody)))
			_ = z.Close()
		}
	}
	const limit = 8 << 10
	for n, want := range map[int]bool{len(successBody): true, limit: true, limit + 1: false, 64 << 20: false} {
		t.Run(strconv.Itoa(n), func(t *testing.T) {
			t.Parallel()
			url, _ := serve(t, gzipped(n))
			_, err := newTestClient(t, url, WithMaxResponseBytes(limit)).DeleteImagesTask(t.Context(), oneTask)
			if (err == nil) != want || err != nil && !errors.Is(err, ErrResponseTooLarge) {
				t.Errorf("got %v", err)
			}
		})
	}
}
