package wrapper

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// downloads returns a client that may fetch from this machine. Its API does not exist.
func downloads(t *testing.T, p DownloadPolicy) *Client {
	t.Helper()
	p.AllowPrivate = true
	transport := http.DefaultTransport.(*http.Transport).Clone()
	p.Transport = transport
	c := newTestClient(t, "https://api.test", WithUserAgent("test/1"), WithBearer(), WithDownload(p))
	t.Cleanup(func() { c.downloads.transport().(*http.Transport).CloseIdleConnections() })
	return c
}

func TestDownload(t *testing.T) {
	t.Parallel()
	picture := bytes.Repeat(png, 100_000)
	host, requests := serve(t, func(w http.ResponseWriter, r *http.Request) {
		for name := range r.Header {
			if name != "User-Agent" && name != "Accept" {
				t.Errorf("sent %s: %q", name, r.Header[name])
			}
		}
		if !strings.HasPrefix(r.UserAgent(), "test/1 tensorslab-go/") || r.Method != http.MethodGet || r.URL.RawQuery != "sig=a%2Fb" {
			t.Errorf("%s %s by %s", r.Method, r.URL, r.UserAgent())
		}
		w.Header().Set("Content-Type", "image/png")
		_, _ = w.Write(picture)
	})
	var got bytes.Buffer
	n, err := downloads(t, DownloadPolicy{}).Download(t.Context(), host+"/a.png?sig=a%2Fb", &got)
	if err != nil || n != int64(len(picture)) || !bytes.Equal(got.Bytes(), picture) || requests.Load() != 1 {
		t.Errorf("%d bytes, %v after %d requests", n, err, requests.Load())
	}
}

func TestDownloadRefusesURLs(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, "https://api.test")
	for raw, want := range map[string]error{
		"": ErrInvalidRequest, "a.png": ErrInvalidRequest, "/etc/passwd": ErrInvalidRequest, "file:///etc/passwd": ErrInvalidRequest,
		"data:image/png;base64,AA": ErrInvalidRequest, "ftp://a.test/x": ErrInvalidRequest, "https://": ErrInvalidRequest, "https:///a": ErrInvalidRequest,
		"https:a.test": ErrInvalidRequest, "https://user:secret@a.test/": ErrInvalidRequest, "https://a.test:0/": ErrInvalidRequest, "https://a.test:/": ErrInvalidRequest,
		"https://a.test/\n": ErrInvalidRequest, "https://[::1": ErrInvalidRequest, "javascript:alert(1)": ErrInvalidRequest,
		"http://127.0.0.1/secret": ErrPrivateHost, "http://localhost:8080/secret": ErrPrivateHost, "https://[::1]/secret": ErrPrivateHost,
		"http://169.254.169.254/latest/meta-data/secret": ErrPrivateHost, "https://10.0.0.1/secret": ErrPrivateHost, "http://[::ffff:127.0.0.1]/secret": ErrPrivateHost,
	} {
		n, err := c.Download(t.Context(), raw, io.Discard)
		if n != 0 || !errors.Is(err, want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %d, %v; want %v", raw, n, err, want)
		}
	}
	if _, err := c.Download(nil, "https://a.test", io.Discard); !errors.Is(err, ErrInvalidRequest) { //nolint:staticcheck // it is what is tested
		t.Error(err)
	}
	if _, err := c.Download(t.Context(), "https://a.test", nil); !errors.Is(err, ErrInvalidRequest) {
		t.Error(err)
	}
}

// Numbers that inet_aton takes for loopback are names to us; the guard at the
// dialler looks at what they lead to.
func FuzzDownloadURL(f *testing.F) {
	for _, seed := range []string{"https://a.test/x", "http://127.0.0.1", "http://[::1]:80/", "file:///x", "http://0x7f000001/", "https://a@b/", "//a", "https://\x00", "http://localhost./"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		u, err := url.Parse(raw)
		if err != nil || (&downloader{}).fault(u) != nil {
			return
		}
		if u.Hostname() == "" || u.User != nil || u.Scheme != "http" && u.Scheme != "https" || strings.EqualFold(u.Hostname(), "localhost") {
			t.Errorf("%q is asked", raw)
		}
	})
}

func TestDownloadFailures(t *testing.T) {
	t.Parallel()
	gzipped := func() []byte {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		_, _ = w.Write(make([]byte, 64<<10))
		_ = w.Close()
		return b.Bytes()
	}()
	answer := func(status int, header http.Header, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			for name := range header {
				w.Header().Set(name, header.Get(name))
			}
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		}
	}
	tests := map[string]struct {
		handler  http.HandlerFunc
		is       error // nil: any
		says     string
		written  int64
		requests int32
	}{
		"gone":          {answer(404, nil, "secret"), ErrNotFound, "HTTP 404: the host does not give the file; addresses expire", 0, 1},
		"expired":       {answer(403, nil, "<xml>"), nil, "HTTP 403", 0, 1},
		"part":          {answer(206, nil, "x"), nil, "HTTP 206", 0, 1},
		"nothing":       {answer(204, nil, ""), nil, "HTTP 204", 0, 1},
		"broken":        {answer(500, nil, ""), ErrServer, "try again later", 0, 3},
		"busy":          {answer(429, http.Header{"Retry-After": {"0"}}, ""), ErrRateLimited, "try again later", 0, 3},
		"busy for long": {answer(503, http.Header{"Retry-After": {"3600"}}, ""), ErrServer, "try again later", 0, 1},
		"page":          {answer(200, http.Header{"Content-Type": {"Text/HTML; charset=utf-8"}}, "<html>"), nil, "a page in place of the file", 0, 1},
		"encoded":       {answer(200, http.Header{"Content-Encoding": {"gzip"}}, string(gzipped)), nil, "Content-Encoding", 0, 1},
		"too long":      {answer(200, http.Header{"Content-Length": {"1025"}}, strings.Repeat("x", 1025)), ErrResponseTooLarge, "larger than the limit", 0, 1},
		"too long, chunked": {func(w http.ResponseWriter, _ *http.Request) {
			for range 1025 {
				_, _ = io.WriteString(w, "x")
				w.(http.Flusher).Flush()
			}
		}, ErrResponseTooLarge, "larger than the limit", 1024, 1},
		"cut":         {answer(200, http.Header{"Content-Length": {"100"}}, "x"), io.ErrUnexpectedEOF, "unexpected EOF", 1, 1},
		"lost":        {hangUp, nil, "EOF", 0, 3},
		"huge header": {answer(200, http.Header{"X-Long": {strings.Repeat("x", maxHeaderBytes)}}, "x"), nil, "exceeded", 0, 3},
		"no HTTP at all": {func(w http.ResponseWriter, _ *http.Request) {
			conn, _, _ := w.(http.Hijacker).Hijack()
			_, _ = io.WriteString(conn, "SSH-2.0-x\r\n\r\n")
			conn.Close()
		}, nil, "malformed HTTP response", 0, 3},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			host, requests := serve(t, tt.handler)
			var got bytes.Buffer
			n, err := downloads(t, DownloadPolicy{MaxBytes: 1024}).Download(t.Context(), host+"/a.png?sig=secret", &got)
			var e *DownloadError
			if !errors.As(err, &e) || tt.is != nil && !errors.Is(err, tt.is) || !strings.Contains(err.Error(), tt.says) || "http://"+e.Host != host {
				t.Fatalf("%#v", err)
			}
			if n != tt.written || int64(got.Len()) != n || requests.Load() != tt.requests {
				t.Errorf("%d bytes told, %d written, %d requests", n, got.Len(), requests.Load())
			}
			if text := err.Error() + e.LogValue().String() + e.GoString(); strings.Contains(text, "secret") || len(err.Error()) >= 1024 || strings.Contains(text, "\n") {
				t.Error(text)
			}
		})
	}
}

func TestDownloadTakesTheLimitExactly(t *testing.T) {
	t.Parallel()
	host, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.(http.Flusher).Flush()
		_, _ = io.WriteString(w, strings.Repeat("x", 1024))
	})
	if n, err := downloads(t, DownloadPolicy{MaxBytes: 1024}).Download(t.Context(), host, io.Discard); n != 1024 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
}

// What failed before anything was written is tried again.
func TestDownloadIsTriedAgain(t *testing.T) {
	t.Parallel()
	host, requests := serve(t, sequence(hangUp, answers(503, ""), func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "a picture") }))
	var got bytes.Buffer
	n, err := downloads(t, DownloadPolicy{}).Download(t.Context(), host, &got)
	if n != 9 || err != nil || got.String() != "a picture" || requests.Load() != 3 {
		t.Errorf("%d, %v, %q after %d requests", n, err, got.String(), requests.Load())
	}
}

func TestDownloadEndsWithItsContext(t *testing.T) {
	t.Parallel()
	host, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "the beginning")
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	})
	ctx, cancel := context.WithCancel(t.Context())
	n, err := downloads(t, DownloadPolicy{}).Download(ctx, host, writerFunc(func(p []byte) (int, error) { cancel(); return len(p), nil }))
	if n != 13 || !errors.Is(err, context.Canceled) {
		t.Errorf("%d, %v", n, err)
	}
	n, err = downloads(t, DownloadPolicy{Timeout: 50 * time.Millisecond}).Download(t.Context(), host, io.Discard)
	if n != 13 || !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "WithDownload") {
		t.Errorf("%d, %v", n, err)
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

func TestDownloadTellsOfItsWriter(t *testing.T) {
	t.Parallel()
	host, requests := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, strings.Repeat("x", 100_000)) })
	r, w := io.Pipe()
	r.Close()
	n, err := downloads(t, DownloadPolicy{}).Download(t.Context(), host, w)
	if n != 0 || !errors.Is(err, io.ErrClosedPipe) || requests.Load() != 1 {
		t.Errorf("%d, %v after %d requests", n, err, requests.Load())
	}
}

func TestDownloadFollowsFewRedirects(t *testing.T) {
	t.Parallel()
	var hops atomic.Int32
	location := new(atomic.Value)
	host, requests := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Referer() != "" || r.Header.Get("Cookie") != "" || r.Header.Get("Authorization") != "" {
			t.Errorf("sent %v", r.Header)
		}
		if hops.Add(-1) < 0 {
			_, _ = io.WriteString(w, "a picture")
			return
		}
		w.Header().Set("Set-Cookie", "a=b")
		w.Header().Set("Location", location.Load().(string))
		w.WriteHeader(http.StatusFound)
	})
	tests := map[string]struct {
		hops     int32
		location string
		is       error
		requests int32
	}{
		"none":      {0, "/b", nil, 1},
		"the most":  {2, "/b?sig=secret", nil, 3},
		"one more":  {3, "/b?sig=secret", ErrRedirected, 3},
		"malformed": {1, "http://[::1/secret", ErrRedirected, 1},
		"a file":    {1, "file:///secret", ErrRedirected, 1},
		"user info": {1, "http://user:secret@127.0.0.1/", ErrRedirected, 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			hops.Store(tt.hops)
			location.Store(tt.location)
			before := requests.Load()
			_, err := downloads(t, DownloadPolicy{MaxRedirects: 2}).Download(t.Context(), host+"/a?sig=secret", io.Discard)
			if !errors.Is(err, tt.is) || requests.Load()-before != tt.requests {
				t.Errorf("%v after %d requests", err, requests.Load()-before)
			}
			if err != nil && strings.Contains(err.Error(), "secret") {
				t.Error(err)
			}
		})
	}
	hops.Store(1)
	if _, err := downloads(t, DownloadPolicy{MaxRedirects: -1}).Download(t.Context(), host, io.Discard); !errors.Is(err, ErrRedirected) {
		t.Errorf("redirects switched off: %v", err)
	}
}

// An image host that is public can't send us to one that is not.
func TestDownloadRefusesRedirectsToPrivateAddresses(t *testing.T) {
	t.Parallel()
	for _, target := range []string{"http://127.0.0.1/secret", "http://169.254.169.254/latest/secret", "https://localhost/secret", "//10.0.0.1/secret", "http://[fd00::1]/secret"} {
		d := &downloader{userAgent: "test", transport: func() http.RoundTripper {
			return roundTripper(func(req *http.Request) (*http.Response, error) {
				if req.URL.Host != "images.test" {
					t.Errorf("asked %s", req.URL.Host)
				}
				return &http.Response{StatusCode: 307, Header: http.Header{"Location": {target}}, Body: http.NoBody, Request: req}, nil
			})
		}}
		d.policy, _ = DownloadPolicy{}.withDefaults()
		d.retry, _ = RetryPolicy{}.withDefaults()
		u, _ := url.Parse("http://images.test/a.png")
		n, err := d.get(t.Context(), u, io.Discard)
		if n != 0 || !errors.Is(err, ErrPrivateHost) || !errors.Is(err, ErrRedirected) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %d, %v", target, n, err)
		}
	}
	d := &downloader{transport: func() http.RoundTripper {
		return roundTripper(func(req *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 302, Header: http.Header{"Location": {"http://images.test/b"}}, Body: http.NoBody, Request: req}, nil
		})
	}}
	d.policy, _ = DownloadPolicy{}.withDefaults()
	u, _ := url.Parse("https://images.test/a.png")
	if _, err := d.get(t.Context(), u, io.Discard); !errors.Is(err, ErrRedirected) || !strings.Contains(err.Error(), "from https to http") {
		t.Errorf("downgrade: %v", err)
	}
}

func TestWithDownloadRefuses(t *testing.T) {
	t.Parallel()
	other := roundTripper(func(*http.Request) (*http.Response, error) { return nil, io.EOF })
	for name, p := range map[string]DownloadPolicy{
		"negative size": {MaxBytes: -1}, "negative time": {Timeout: -1}, "a transport that can't be checked": {Transport: other},
	} {
		if _, err := NewClient(testKey, WithDownload(p)); !errors.Is(err, ErrInvalidOption) || !strings.Contains(err.Error(), "WithDownload") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := NewClient(testKey, WithDownload(DownloadPolicy{Transport: other, AllowPrivate: true})); err != nil {
		t.Error(err)
	}
}
