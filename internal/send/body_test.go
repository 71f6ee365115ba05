package send

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/tensorslab/tensorslab-go/internal/testkit"
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

// gzip that net/http leaves alone is decompressed under the same limit.
func TestReadBodyDecompresses(t *testing.T) {
	t.Parallel()
	const limit = 1000
	full := strings.Repeat("0123456789", limit/10)
	zipped := testkit.Gzip(full)
	for name, tt := range map[string]struct{ encoding, sent, want, fails string }{
		"gzip":                {"gzip", zipped, full, ""},
		"in capitals":         {"GZIP", zipped, full, ""},
		"x-gzip":              {"x-gzip", zipped, full, ""},
		"two members":         {"gzip", testkit.Gzip("one, ") + testkit.Gzip("two"), "one, two", ""},
		"too large":           {"gzip", testkit.Gzip(full + "x"), full, ErrTooLarge.Error()},
		"a bomb":              {"gzip", testkit.Gzip(strings.Repeat("x", 1<<24)), strings.Repeat("x", limit), ErrTooLarge.Error()},
		"cut off":             {"gzip", zipped[:len(zipped)-9], full, "unexpected EOF"},
		"with a wrong header": {"gzip", "\x1f\x8b no gzip", "", "gzip: invalid header"},
		"with a wrong sum":    {"gzip", zipped[:len(zipped)-8] + "12345678", full, "gzip: invalid checksum"},
		"with bytes after it": {"gzip", zipped + "more than a header", full, "gzip: invalid header"},
		"not compressed":      {"gzip", full, full, ""},
		"a byte":              {"gzip", "\x1f", "\x1f", ""},
		"empty":               {"gzip", "", "", ""},
		"not said":            {"", testkit.Gzip("x"), testkit.Gzip("x"), ""},
		"another encoding":    {"br", testkit.Gzip("x"), testkit.Gzip("x"), ""},
		"several":             {"gzip, gzip", testkit.Gzip("x"), testkit.Gzip("x"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := sendBare(t, tt.encoding, tt.sent, limit)
			if string(r.Body) != tt.want || (r.Err == nil) != (tt.fails == "") || r.Err != nil && r.Err.Error() != tt.fails {
				t.Errorf("%d bytes, %.60q, %v", len(r.Body), r.Body, r.Err)
			}
			if decoded := tt.want != tt.sent; r.Response.Uncompressed != decoded || decoded && r.Response.Header["Content-Encoding"] != nil {
				t.Errorf("decompressed %t, %v", r.Response.Uncompressed, r.Response.Header)
			}
		})
	}
}

// sendBare gets body from a server by a transport that decompresses nothing.
func sendBare(t *testing.T, encoding, body string, limit int64) *Result {
	t.Helper()
	url, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", encoding)
		_, _ = io.WriteString(w, body)
	})
	hc := &http.Client{Transport: &http.Transport{DisableCompression: true, DisableKeepAlives: true}}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	return (&Sender{Client: hc, MaxBytes: limit}).Send(req, EachTime, nil)
}

func TestReadBodyKeepsAnErrorAtTheStartOfGzip(t *testing.T) {
	t.Parallel()
	resp := &http.Response{StatusCode: 200, Header: http.Header{"Content-Encoding": {"gzip"}}, Body: io.NopCloser(iotest.ErrReader(io.ErrClosedPipe))}
	if data, err := readBody(resp, 100, Once); !errors.Is(err, io.ErrClosedPipe) || len(data) != 0 {
		t.Errorf("%q, %v", data, err)
	}
}
