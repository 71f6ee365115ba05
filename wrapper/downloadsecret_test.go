package wrapper

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/testkit"
)

const signedPath = "/tenant-0123456789abcdef/fox.png?Expires=1700000000&Signature=s3cr%2Ft%3D%3D&x"

// net/http quotes what it can't parse; a host may have put the URL there.
func TestDownloadErrorsHoldNothingOfTheURL(t *testing.T) {
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
		"trailer":      chunked + "%URI\r\n\r\n",
		"encoding":     "HTTP/1.1 200 OK\r\nContent-Encoding: %SIG\r\nContent-Length: 0\r\n\r\n",
		"reason":       "HTTP/1.1 403 %SIG\r\nContent-Length: 0\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			host, _ := testkit.Serve(t, func(w http.ResponseWriter, r *http.Request) {
				conn, _, err := http.NewResponseController(w).Hijack()
				if err != nil {
					t.Error(err)
					return
				}
				defer conn.Close()
				_, _ = io.WriteString(conn, strings.NewReplacer("%URI", r.RequestURI, "%SIG", "s3cr%2Ft%3D%3D").Replace(wire))
			})
			_, err := downloads(t, DownloadPolicy{}).download(t.Context(), host+signedPath, io.Discard)
			var e *DownloadError
			if !errors.As(err, &e) {
				t.Fatalf("%v", err)
			}
			said := err.Error() + fmt.Sprintf("%+v %#v", err, err) + e.LogValue().String()
			for reason := e.Err; reason != nil; reason = errors.Unwrap(reason) {
				said += reason.Error() + fmt.Sprintf("%#v", reason)
			}
			for _, part := range []string{"s3cr", "fox.png", "tenant-", "Expires"} {
				if strings.Contains(said, part) {
					t.Errorf("holds %s: %s", part, said)
				}
			}
		})
	}
}

// A few kilobytes that would become megabytes stay what they are, or are refused.
func TestDownloadInflatesNothing(t *testing.T) {
	t.Parallel()
	bomb := []byte(testkit.Gzip(string(make([]byte, 16<<20))))
	host, _ := testkit.Serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/named" {
			w.Header().Set("Content-Encoding", "gzip")
		}
		_, _ = w.Write(bomb)
	})
	inflating := http.DefaultTransport.(*http.Transport).Clone() // what it asked for by itself
	inflating.DisableKeepAlives = true
	for name, transport := range map[string]http.RoundTripper{"our transport": nil, "another": testkit.RoundTripFunc(inflating.RoundTrip)} {
		c := newTestClient(t, "https://api.test", WithDownload(DownloadPolicy{AllowPrivate: true, MaxBytes: int64(len(bomb)), AnyFile: true, Transport: transport}))
		t.Cleanup(c.fetcher.CloseIdleConnections)
		var got bytes.Buffer
		if n, err := c.download(t.Context(), host+"/unnamed", &got); err != nil || n != int64(len(bomb)) || !bytes.Equal(got.Bytes(), bomb) {
			t.Errorf("%s: %d bytes, %v", name, n, err)
		}
		got.Reset()
		if n, err := c.download(t.Context(), host+"/named", &got); err == nil || n != 0 || got.Len() != 0 {
			t.Errorf("%s: %d bytes of gzip, %v", name, n, err)
		}
	}
}

// bodySpy notices whether an answer's body was closed.
type bodySpy struct {
	io.Reader
	closed int
}

func (s *bodySpy) Close() error { s.closed++; return nil }

func TestDownloadClosesEachBody(t *testing.T) {
	t.Parallel()
	failing := writerFunc(func([]byte) (int, error) { return 0, io.ErrClosedPipe })
	for name, tt := range map[string]struct {
		status int
		header http.Header
		writer io.Writer
	}{
		"taken":          {200, nil, io.Discard},
		"not written":    {200, nil, failing},
		"page":           {200, http.Header{"X-Body": {"<html>"}}, io.Discard},
		"encoded":        {200, http.Header{"Content-Encoding": {"br"}}, io.Discard},
		"gone":           {404, nil, io.Discard},
		"busy":           {503, nil, io.Discard},
		"redirect loop":  {302, http.Header{"Location": {"/"}}, io.Discard},
		"bad redirect":   {302, http.Header{"Location": {"file:///"}}, io.Discard},
		"with an error":  {-1, nil, io.Discard},
		"no redirection": {302, nil, io.Discard},
	} {
		var bodies []*bodySpy
		transport := testkit.RoundTripFunc(func(*http.Request) (*http.Response, error) {
			body := &bodySpy{Reader: strings.NewReader(cmp.Or(tt.header.Get("X-Body"), picture(9)))}
			bodies = append(bodies, body)
			resp := &http.Response{StatusCode: tt.status, Header: tt.header, Body: body}
			if tt.status < 0 {
				return resp, io.ErrUnexpectedEOF
			}
			return resp, nil
		})
		c := newTestClient(t, "https://api.test", WithDownload(DownloadPolicy{AllowPrivate: true, Transport: transport}))
		_, _ = c.download(t.Context(), "https://images.test/a", tt.writer)
		for i, body := range bodies {
			if body.closed != 1 {
				t.Errorf("%s: body %d of %d was closed %d times", name, i+1, len(bodies), body.closed)
			}
		}
		if len(bodies) == 0 {
			t.Errorf("%s: nothing was asked", name)
		}
	}
}
