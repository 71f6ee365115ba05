package wrapper

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/testkit"
)

// picture returns size bytes that begin as a PNG image does.
func picture(size int) string {
	const head = "\x89PNG\r\n\x1a\n"
	return head + strings.Repeat("x", size-len(head))
}

// download is Download for tests that look only at the number of bytes.
func (c *Client) download(ctx context.Context, rawURL string, w io.Writer) (int64, error) {
	got, err := c.Download(ctx, rawURL, w)
	return got.Bytes, err
}

// breaksOff announces more than it sends.
func breaksOff(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "100000")
	_, _ = io.WriteString(w, picture(50_000))
}

func sends(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) }
}

var noRetries = WithRetry(RetryPolicy{MaxAttempts: 1})

// An image that breaks off is downloaded again from its beginning.
func TestDownloadFile(t *testing.T) {
	t.Parallel()
	host, requests := testkit.Serve(t, testkit.Sequence(breaksOff, testkit.HangUp, sends(picture(9))))
	path := filepath.Join(t.TempDir(), "a.png")
	got, err := downloads(t, DownloadPolicy{}).DownloadFile(t.Context(), host, path)
	data, readErr := os.ReadFile(path)
	if err != nil || readErr != nil || got != (Downloaded{9, "image/png", ".png"}) || string(data) != picture(9) || requests.Load() != 3 {
		t.Errorf("%+v, %v, %q, %v after %d requests", got, err, data, readErr, requests.Load())
	}
}

func TestDownloadFileFailures(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		handler http.HandlerFunc
		opt     Option
		is      error
		says    string
	}{
		"broken each time": {breaksOff, quick, io.ErrUnexpectedEOF, "broke off"},
		"broken, once":     {breaksOff, noRetries, io.ErrUnexpectedEOF, "broke off"},
		"missing":          {testkit.Respond(404, ""), quick, ErrNotFound, "HTTP 404"},
		"a page":           {sends("<html>secret"), quick, nil, "a page in place of the file; if any file will do, set AnyFile (WithDownload)"},
		"nothing":          {sends(""), quick, nil, "the host sent an empty file"},
		"too large":        {sends(picture(200_000)), quick, ErrResponseTooLarge, "larger than the limit"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			host, _ := testkit.Serve(t, tt.handler)
			dir := t.TempDir()
			got, err := downloads(t, DownloadPolicy{MaxBytes: 100_000}, tt.opt).DownloadFile(t.Context(), host+"/?sig=secret", filepath.Join(dir, "a.png"))
			left, _ := os.ReadDir(dir)
			var e *DownloadError
			if got != (Downloaded{}) || !errors.As(err, &e) || tt.is != nil && !errors.Is(err, tt.is) || !strings.Contains(err.Error(), tt.says) || strings.Contains(err.Error(), "secret") || len(left) != 0 {
				t.Errorf("%+v, %v, left %v", got, err, left)
			}
		})
	}
}

func TestDownloadFileRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := newTestClient(t, "https://api.test")
	for raw, want := range map[string]error{"a.png": ErrInvalidRequest, "http://127.0.0.1/": ErrPrivateHost, "https://a.test/" + testKey: ErrInvalidRequest} {
		if got, err := c.DownloadFile(t.Context(), raw, filepath.Join(dir, "a.png")); got != (Downloaded{}) || !errors.Is(err, want) {
			t.Errorf("%s: %+v, %v", raw, got, err)
		}
	}
	_, err := c.DownloadFile(t.Context(), "https://a.test/a.png", filepath.Join(dir, "none", "a.png"))
	var at *fs.PathError
	if !errors.Is(err, fs.ErrNotExist) || !errors.As(err, &at) || at.Path != filepath.Join(dir, "none", "a.png") {
		t.Errorf("no such folder: %v", err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("left %v", left)
	}
}

// A file that is no image is an error, whatever the host calls it, unless any file
// will do.
func TestDownloadOfOtherFiles(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{"error":"expired"}`, "<?xml version='1.0'?><Error/>", "<html>", "a fox", "%PDF-1.7"} {
		host, _ := testkit.Serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "image/png")
			_, _ = io.WriteString(w, body)
		})
		var b strings.Builder
		got, err := downloads(t, DownloadPolicy{}).Download(t.Context(), host, &b)
		var e *DownloadError
		if got != (Downloaded{}) || !errors.As(err, &e) || e.HTTPStatus != 200 || b.Len() != 0 {
			t.Errorf("%q: %+v, %v", body, got, err)
		}
		got, err = downloads(t, DownloadPolicy{AnyFile: true}).Download(t.Context(), host, &b)
		if err != nil || got.Bytes != int64(len(body)) || got.Ext != ".bin" || got.MediaType == "" || b.String() != body {
			t.Errorf("%q with AnyFile: %+v, %v", body, got, err)
		}
	}
}

// A service on this machine has its images there, and that opens nothing else.
func TestALoopbackBaseURLAllowsLoopbackHosts(t *testing.T) {
	t.Parallel()
	host, _ := testkit.Serve(t, sends(picture(9)))
	port := host[strings.LastIndex(host, ":"):]
	for base, want := range map[string]bool{host: true, "http://localhost:1": true, "http://[::1]:1": true, "https://api.test": false, "https://10.0.0.1": false} {
		c := newTestClient(t, base)
		t.Cleanup(c.fetcher.CloseIdleConnections)
		for _, address := range []string{host, "http://localhost" + port} {
			if n, err := c.download(t.Context(), address, io.Discard); (err == nil) != want || want != (n == 9) || err != nil && !errors.Is(err, ErrPrivateHost) {
				t.Errorf("%s from %s: %d, %v", address, base, n, err)
			}
		}
		for _, private := range []string{"http://10.0.0.1/", "http://169.254.169.254/", "http://intranet/", "http://[fd00::1]/", "http://0.0.0.0/"} {
			if _, err := c.download(t.Context(), private, io.Discard); !errors.Is(err, ErrPrivateHost) {
				t.Errorf("%s from %s: %v", private, base, err)
			}
		}
	}
}

func TestAllowNetworks(t *testing.T) {
	t.Parallel()
	host, _ := testkit.Serve(t, sends(picture(9)))
	networks := []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	c := newTestClient(t, "https://api.test", WithDownload(DownloadPolicy{AllowNetworks: networks}))
	t.Cleanup(c.fetcher.CloseIdleConnections)
	networks[0] = netip.MustParsePrefix("10.0.0.0/8") // too late
	if n, err := c.download(t.Context(), host, io.Discard); n != 9 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	for address, says := range map[string]string{
		"http://198.18.0.5/?sig=secret": "198.18.0.0/15 is for benchmarks; proxies that hand out fake addresses", "http://[64:ff9b:1::1]/": "64:ff9b:1::/48", "http://192.31.196.9/": "192.31.196.0/24",
		"http://10.0.0.1/": "10.0.0.0/8 is a private network", "http://intranet/": "a name without a dot",
	} {
		if _, err := c.download(t.Context(), address, io.Discard); !errors.Is(err, ErrPrivateHost) || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), "AllowNetworks") || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", address, err)
		}
	}
}

// The key in an address would be sent to the image host.
func TestDownloadRefusesAddressesWithTheKey(t *testing.T) {
	t.Parallel()
	host, requests := testkit.Serve(t, sends(picture(9)))
	for _, opt := range []Option{quick, WithBareKey()} {
		c := downloads(t, DownloadPolicy{}, opt)
		for _, suffix := range []string{"/a.png?key=" + testKey, "/" + testKey + "/a.png", "/a.png?key=" + strings.ReplaceAll(url.QueryEscape(testKey), "-", "%2d"), "/#" + testKey} {
			_, err := c.Download(context.Background(), host+suffix, io.Discard)
			if !errors.Is(err, ErrInvalidRequest) || strings.Contains(err.Error(), testKey) || !strings.Contains(err.Error(), "holds the API key") {
				t.Errorf("%s: %v", suffix, err)
			}
		}
	}
	if requests.Load() != 0 {
		t.Errorf("%d requests", requests.Load())
	}
}

// Addresses with blanks and characters outside of ASCII are requested as browsers do.
func TestDownloadEscapesAddresses(t *testing.T) {
	t.Parallel()
	host, _ := testkit.Serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.RequestURI != "/%E5%9B%BE/a%2Fb%20c.png?name=%22%E5%9B%BE%22&sig=a%2Fb+c=" {
			w.WriteHeader(http.StatusForbidden)
		}
		_, _ = io.WriteString(w, picture(9))
	})
	if n, err := downloads(t, DownloadPolicy{}).download(t.Context(), host+`/图/a%2Fb c.png?name="图"&sig=a%2Fb+c=`, io.Discard); n != 9 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
}

// A delivery network may have an image a moment after its task has completed.
func TestDownloadRetriesAMissingImage(t *testing.T) {
	t.Parallel()
	missing := testkit.Respond(404, "")
	host, requests := testkit.Serve(t, testkit.Sequence(missing, missing, missing, missing, missing, sends(picture(9))))
	if n, err := downloads(t, DownloadPolicy{}).download(t.Context(), host, io.Discard); n != 9 || err != nil || requests.Load() != 6 {
		t.Errorf("%d, %v after %d requests", n, err, requests.Load())
	}
	host, requests = testkit.Serve(t, missing)
	if _, err := downloads(t, DownloadPolicy{}, noRetries).download(t.Context(), host, io.Discard); !errors.Is(err, ErrNotFound) || requests.Load() != 1 {
		t.Errorf("%v after %d requests", err, requests.Load())
	}
}
