package wrapper

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/internal/send"
)

func TestWithDownloadRefuses(t *testing.T) {
	t.Parallel()
	for name, p := range map[string]DownloadPolicy{"negative size": {MaxBytes: -1}, "negative time": {Timeout: -1}, "no network": {AllowNetworks: []netip.Prefix{{}}}} {
		if _, err := NewClient(testKey, WithDownload(p)); !errors.Is(err, ErrInvalidOption) || !strings.Contains(err.Error(), "WithDownload") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestDownloadPolicyDefaults(t *testing.T) {
	t.Parallel()
	cfg, err := newConfig(nil)
	if p := cfg.download; err != nil || p.MaxBytes != 256<<20 || p.MaxRedirects != 5 || p.Timeout != 5*time.Minute || p.AllowPrivate || p.Transport != nil {
		t.Errorf("%+v, %v", p, err)
	}
	if p := cfg.retry; p != (send.Policy{MaxAttempts: 3, Backoff: 500 * time.Millisecond, MaxRetryAfter: 30 * time.Second}) {
		t.Errorf("%+v", p)
	}
}

func TestDownloadWithACertificatePool(t *testing.T) {
	t.Parallel()
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, picture(9)) }))
	t.Cleanup(server.Close)
	if n, err := downloads(t, DownloadPolicy{Transport: server.Client().Transport}).download(t.Context(), server.URL, io.Discard); n != 9 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
}

// The client for the service may add credentials to all that it sends.
func TestTheKeyNeverReachesTheImageHost(t *testing.T) {
	t.Parallel()
	host, requests := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if len(r.Header) != 3 {
			t.Errorf("sent %v", r.Header)
		}
		if r.URL.Path == "/a" {
			http.Redirect(w, r, "/b", http.StatusTemporaryRedirect)
			return
		}
		_, _ = io.WriteString(w, picture(9))
	})
	adding := roundTripper(func(req *http.Request) (*http.Response, error) {
		t.Errorf("the service's client was used for %s", req.URL)
		return nil, io.EOF
	})
	for name, opt := range map[string]Option{"bearer": quick, "bare": WithBareKey()} {
		c := downloads(t, DownloadPolicy{}, opt, WithHTTPClient(&http.Client{Transport: adding}))
		if _, err := c.download(t.Context(), host+"/a", io.Discard); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if requests.Load() != 4 {
		t.Errorf("%d requests", requests.Load())
	}
}

// A transport of another kind is used as it is, and may misbehave.
func TestDownloadThroughOddTransports(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		transport roundTripper
		says      string
	}{
		"neither": {func(*http.Request) (*http.Response, error) { return nil, nil }, "nor an error"},
		"no body": {func(*http.Request) (*http.Response, error) { return &http.Response{StatusCode: 200}, nil }, "an empty file"},
		"its words": {func(req *http.Request) (*http.Response, error) {
			return nil, &url.Error{Op: "Get", URL: req.URL.String(), Err: io.ErrUnexpectedEOF}
		}, "the reason is not shown"},
	} {
		c := newTestClient(t, "https://api.test", WithDownload(DownloadPolicy{AllowPrivate: true, Transport: tt.transport}))
		_, err := c.download(t.Context(), "https://images.test/a.png?sig=secret", io.Discard)
		if err == nil || (!strings.Contains(err.Error(), tt.says) || strings.Contains(err.Error(), "secret")) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
