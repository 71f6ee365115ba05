package send

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
)

// closeSpy is a body that notices whether it was closed.
type closeSpy struct {
	io.Reader
	closed bool
}

func (s *closeSpy) Close() error { s.closed = true; return nil }

func TestReadBodyAtTheLimit(t *testing.T) {
	t.Parallel()
	const limit = 100
	for _, size := range []int{0, 1, limit - 1, limit, limit + 1, 10 * limit} {
		for _, declared := range []int64{-1, int64(size)} {
			body := &closeSpy{Reader: strings.NewReader(strings.Repeat("x", size))}
			data, err := readBody(&http.Response{StatusCode: 200, Body: body, ContentLength: declared}, limit, Once)
			if tooLarge := errors.Is(err, ErrTooLarge); tooLarge != (size > limit) || !tooLarge && err != nil {
				t.Errorf("%d bytes, %d declared: %v", size, declared, err)
			}
			if !body.closed || len(data) > limit || err == nil && len(data) != size {
				t.Errorf("%d bytes, %d declared: closed %t, kept %d", size, declared, body.closed, len(data))
			}
		}
	}
}

// counter is an endless body that counts the bytes read from it.
type counter struct{ n int64 }

func (c *counter) Read(p []byte) (int, error) {
	c.n += int64(len(p))
	return len(p), nil
}

func TestReadBodyReadsNoMoreThanTheLimit(t *testing.T) {
	t.Parallel()
	const limit = 100 << 10
	for _, status := range []int{200, 500} {
		body := &counter{}
		_, err := readBody(&http.Response{StatusCode: status, Body: io.NopCloser(body), ContentLength: -1}, limit, Once)
		if !errors.Is(err, ErrTooLarge) || body.n > limit+1 {
			t.Errorf("HTTP %d: %v after %d bytes", status, err, body.n)
		}
	}
	body := &counter{}
	_, err := readBody(&http.Response{StatusCode: 200, Body: io.NopCloser(body), ContentLength: limit + 1}, limit, Once)
	if !errors.Is(err, ErrTooLarge) || body.n != 0 {
		t.Errorf("declared too large: %v after %d bytes", err, body.n)
	}
}

func TestReadBodyKeepsWhatCameBeforeAnError(t *testing.T) {
	t.Parallel()
	cut := io.MultiReader(strings.NewReader("first"), iotest.ErrReader(io.ErrUnexpectedEOF))
	data, err := readBody(&http.Response{StatusCode: 500, Body: io.NopCloser(cut)}, 100, Once)
	if !errors.Is(err, io.ErrUnexpectedEOF) || string(data) != "first" {
		t.Errorf("got %q, %v", data, err)
	}
}

func TestReadBodyLeavesARawConnectionAlone(t *testing.T) {
	t.Parallel()
	body := &closeSpy{Reader: iotest.ErrReader(errors.New("read"))}
	if _, err := readBody(&http.Response{StatusCode: 101, Body: body}, 100, Once); err != nil || !body.closed {
		t.Errorf("%v, closed %t", err, body.closed)
	}
}

// A declared length is believed as far as a quarter of it has come.
func TestGrowth(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ size, limit, hint, want int64 }{
		{512, 1 << 20, -1, 512}, {1 << 16, 1 << 20, 1 << 20, 3 << 16}, {1 << 18, 1 << 20, 1 << 20, 3 << 18}, {1000, 1 << 20, 1000, 1},
		{1000, 1 << 20, 999, 1000}, {1000, 1001, -1, 2}, {1000, 1000, -1, 1}, {1000, 1000, 5000, 1}, {1, 100, 1 << 40, 3},
	} {
		if got := growth(tt.size, tt.limit, tt.hint); got != tt.want {
			t.Errorf("%+v: %d", tt, got)
		}
	}
}
