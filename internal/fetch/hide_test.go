package fetch

import (
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
)

var (
	errUntrusted error = x509.UnknownAuthorityError{}
	errNoHost    error = &net.DNSError{Err: "no such host", Name: "images.test", IsNotFound: true}
)

const signedPath = "/tenant-0123456789abcdef/fox.png?Expires=1700000000&Signature=s3cr%2Ft%3D%3D&x"

// net/http quotes what it can't parse; a host may have put the URL there.
func TestErrorsHoldNothingOfTheURL(t *testing.T) {
	t.Parallel()
	const chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\n\r\n1\r\nx\r\n0\r\n"
	for name, wire := range map[string]string{
		"status":       "HTTP/1.1 %URI\r\n\r\n",
		"version":      "HTTP/%URI 200 OK\r\n\r\n",
		"header":       "HTTP/1.1 200 OK\r\n%URI\r\n\r\n",
		"length":       "HTTP/1.1 200 OK\r\nContent-Length: %SIG\r\n\r\n",
		"coding":       "HTTP/1.1 200 OK\r\nTransfer-Encoding: %SIG\r\n\r\n",
		"plain value":  "HTTP/1.1 s3cr/t==\r\n\r\n",
		"segment":      "HTTP/1.1 tenant-0123456789abcdef\r\n\r\n",
		"location":     "HTTP/1.1 302 Found\r\nLocation: http://[%URI\r\nContent-Length: 0\r\n\r\n",
		"to user info": "HTTP/1.1 302 Found\r\nLocation: http://%SIG@images.test/%SIG\r\nContent-Length: 0\r\n\r\n",
		"reason":       "HTTP/1.1 403 %SIG\r\nContent-Length: 0\r\n\r\n",
		"trailer":      chunked + "%URI\r\n\r\n",
		"encoding":     "HTTP/1.1 200 OK\r\nContent-Encoding: %SIG\r\nContent-Length: 0\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			host, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
				conn, _, err := http.NewResponseController(w).Hijack()
				if err != nil {
					t.Error(err)
					return
				}
				defer conn.Close()
				_, _ = io.WriteString(conn, strings.NewReplacer("%URI", r.RequestURI, "%SIG", "s3cr%2Ft%3D%3D").Replace(wire))
			})
			_, failed := loopback(t, Options{}).get(t.Context(), host.ResolveReference(parse(t, signedPath)), io.Discard)
			if failed == nil || (failed.Err == nil) != (name == "reason") { // where the status says all
				t.Fatalf("%+v", failed)
			}
			said := fmt.Sprintf("%+v %#v", failed, failed)
			for err := failed.Err; err != nil; err = errors.Unwrap(err) {
				said += fmt.Sprintf("%v %#v", err, err)
			}
			for _, part := range []string{"s3cr", "fox.png", "tenant-", "Expires"} {
				if strings.Contains(said, part) {
					t.Errorf("holds %s: %s", part, said)
				}
			}
		})
	}
}

func TestWithoutURLKeepsOtherErrors(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]bool{
		"https://images.test": true, "https://images.test/": true, "https://images.test/images/a": true, "https://images.test/?a=b&c": true,
		"https://images.test/lookup": true, "https://images.test/?a=images": false, "https://images.test/x?&=;lookup": true,
	} {
		err := errors.New("dial tcp: lookup images.test: no such host")
		if got := withoutURL(err, parse(t, raw)); (got == err) != want {
			t.Errorf("%s: %v", raw, got)
		}
	}
}
