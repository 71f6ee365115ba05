package send

import (
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/testkit"
)

// What net/http quotes of a response that it can't parse is in no error, and Body has
// it after a request that may have been paid for.
func TestAResponseThatIsQuoted(t *testing.T) {
	t.Parallel()
	const body, broken = `{"code":1000,"data":{"url":"https://h/?sig=SECRET"}}`, "net/http: HTTP/1.x transport connection broken: "
	for name, tt := range map[string]struct{ wire, text, body string }{
		"no status line":     {body, broken + "malformed HTTP response", body},
		"after an interim":   {"HTTP/1.1 199 X\r\n\r\n" + body, broken + "malformed HTTP response", body},
		"status":             {"HTTP/1.1 SECRET\r\n\r\n", broken + "malformed HTTP status code", "SECRET"},
		"version":            {"HTTP/SECRET 200 OK\r\n\r\n", broken + "malformed HTTP version", "HTTP/SECRET"},
		"a header's name":    {"HTTP/1.1 200 OK\r\n" + body + "\r\n\r\n", broken + "malformed MIME header line", body},
		"no colon":           {"HTTP/1.1 200 OK\r\nSECRET \"x\"\r\n\r\n", broken + "malformed MIME header: missing colon", `SECRET "x"`},
		"length":             {"HTTP/1.1 200 OK\r\nContent-Length: SECRET\r\n\r\n", broken + "bad Content-Length", "SECRET"},
		"lengths":            {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: SECRET\r\n\r\n", broken + "http: message cannot contain multiple Content-Length headers", "5"},
		"encoding":           {"HTTP/1.1 200 OK\r\nTransfer-Encoding: SECRET\r\n\r\n", broken + "unsupported transfer encoding", "SECRET"},
		"bytes that are bad": {"SECRET\xff\x01", broken + "malformed HTTP response", "SECRET\xff\x01"},
	} {
		for _, effect := range []Effect{EachTime, Once, None} {
			t.Run(fmt.Sprint(name, effect), func(t *testing.T) {
				t.Parallel()
				url := "http://" + testkit.Listen(t, func(c *testkit.Conn) {
					if _, _, ok := c.ReadRequest(); ok {
						c.Send(tt.wire)
					}
				})
				r := newSender(t, Policy{MaxAttempts: 1}).Send(post(t.Context(), t, url, "x"), effect, nil)
				if r.Err == nil || BareCause(r.Err).Error() != tt.text {
					t.Fatalf("%v, want %s", r.Err, tt.text)
				}
				want := ""
				if effect == EachTime {
					want = tt.body
				}
				if string(r.Body) != want {
					t.Errorf("Body %q, want %q", r.Body, want)
				}
				for err := r.Err; err != nil; err = errors.Unwrap(err) {
					if text := fmt.Sprintf("%v %+v %#v", err, err, err); strings.Contains(text, "SECRET") {
						t.Errorf("holds the response: %s", text)
					}
				}
			})
		}
	}
}

// Other errors stay as they are, though they quote something.
func TestErrorsThatQuoteNoResponse(t *testing.T) {
	t.Parallel()
	for _, err := range []error{io.EOF, &net.OpError{Op: "dial", Err: io.EOF}, errors.New(`lookup "host": no such host`), errors.New("malformed HTTP response")} {
		if got := withoutQuoted(err); got != err { //nolint:errorlint // the very same
			t.Errorf("%v became %v", err, got)
		}
	}
	wrapped := fmt.Errorf(`malformed HTTP response "x": %w`, io.ErrUnexpectedEOF)
	if got := withoutQuoted(wrapped); !errors.Is(got, io.ErrUnexpectedEOF) || errors.Unwrap(got) != nil {
		t.Errorf("%v", got)
	}
}
