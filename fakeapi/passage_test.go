package fakeapi

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"
)

// The closing line is found however the body is cut into reads.
func TestClosingLine(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		body        string
		found, more bool
	}{
		"alone":           {"--b--", true, false},
		"after a part":    {"--b\r\n\r\nx\r\n--b--\r\n", true, false},
		"white space":     {"x\n--b-- \t\r\n\r\n", true, false},
		"more":            {"x\n--b--\r\ny", true, true},
		"more at once":    {"x\n--b--y", true, true},
		"two of them":     {"x\n--b--\n--b--", true, true},
		"inside a line":   {"x--b--\r\n", false, false},
		"begun":           {"x\n--b-", false, false},
		"begun and again": {"\n--b\n--b-\n--b--", true, false},
		"other boundary":  {"x\n--c--", false, false},
		"nothing":         {"", false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for size := 1; size <= len(c.body)+1; size++ {
				line := newClosingLine("b")
				for rest := c.body; rest != ""; rest = rest[min(size, len(rest)):] {
					line.watch([]byte(rest[:min(size, len(rest))]))
				}
				if line.found != c.found || line.more != c.more {
					t.Errorf("in reads of %d: found %t, more %t; want %t, %t", size, line.found, line.more, c.found, c.more)
				}
			}
		})
	}
}

func TestPassageKeepsTheBeginning(t *testing.T) {
	t.Parallel()
	body := strings.Repeat("0123456789", 30_000)
	for _, limit := range []int{0, 1, 999, len(body), len(body) + 1} {
		p := newPassage(iotest.HalfReader(strings.NewReader(body)), "b", limit)
		if n, err := io.Copy(io.Discard, p); n != int64(len(body)) || err != nil || p.err != nil {
			t.Errorf("%d bytes passed, %v, %v", n, err, p.err)
		}
		if want := body[:min(limit, len(body))]; string(p.kept) != want {
			t.Errorf("kept %d bytes, want %d", len(p.kept), len(want))
		}
	}
}

const wholeForm = "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--b--\r\n"

// A body that ends in an error is not malformed, wherever it ends.
func TestFormReaderThatBreaksOff(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	for at := range len(wholeForm) + 1 {
		f, err := formReader{kept: 1000}.read(io.MultiReader(strings.NewReader(wholeForm[:at]), iotest.ErrReader(broken)), "b")
		if !errors.Is(err, broken) || f.err != nil || string(f.kept) != wholeForm[:at] {
			t.Errorf("at %d: %v, %v, kept %q", at, err, f.err, f.kept)
		}
	}
}

// The limit of a body of unknown length; the real limit takes too long to reach.
func TestFormReaderOverTheLimit(t *testing.T) {
	t.Parallel()
	for limit := range int64(len(wholeForm) + 2) {
		body := http.MaxBytesReader(httptest.NewRecorder(), io.NopCloser(strings.NewReader(wholeForm)), limit)
		_, err := formReader{kept: 1000}.read(body, "b")
		var tooLarge *http.MaxBytesError
		if over := limit < int64(len(wholeForm)); errors.As(err, &tooLarge) != over || (err != nil) != over {
			t.Errorf("limit %d: %v", limit, err)
		}
	}
	if maxForm != 1<<30 || keptForm != 64<<10 || maxFormText != 1<<20 || maxFormParts != 1000 {
		t.Error("the limits are not the documented ones")
	}
}
