package wrapper

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/internal/send"
	"github.com/tensorslab/tensorslab-go/internal/testkit"
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
	host, requests := testkit.Serve(t, func(w http.ResponseWriter, r *http.Request) {
		if len(r.Header) != 3 {
			t.Errorf("sent %v", r.Header)
		}
		if r.URL.Path == "/a" {
			http.Redirect(w, r, "/b", http.StatusTemporaryRedirect)
			return
		}
		_, _ = io.WriteString(w, picture(9))
	})
	adding := testkit.RoundTripFunc(func(req *http.Request) (*http.Response, error) {
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

func TestMaxRedirects(t *testing.T) {
	t.Parallel()
	host, requests := testkit.Serve(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "?sig=secret", http.StatusFound) })
	for maximum, want := range map[int]int32{-1: 1, 0: 1 + DefaultMaxRedirects, 2: 3} {
		before := requests.Load()
		_, err := downloads(t, DownloadPolicy{MaxRedirects: maximum}).download(t.Context(), host, io.Discard)
		if got := requests.Load() - before; !errors.Is(err, ErrRedirected) || got != want || strings.Contains(err.Error(), "secret") {
			t.Errorf("%d: %v after %d requests", maximum, err, got)
		}
	}
}

// Which URLs are refused, and why, is tested in internal/fetch.
func TestDownloadRefusesURLs(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, "https://api.test")
	for raw, want := range map[string]error{
		"": ErrInvalidRequest, "file:///etc/secret": ErrInvalidRequest, "https://user:secret@a.test/": ErrInvalidRequest,
		"https://[::1/secret":     ErrInvalidRequest, // net/url refuses it
		"http://127.0.0.1/secret": ErrPrivateHost,
	} {
		n, err := c.download(t.Context(), raw, io.Discard)
		if n != 0 || !errors.Is(err, want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %d, %v; want %v", raw, n, err, want)
		}
	}
	var none context.Context
	if _, err := c.download(none, "https://a.test", io.Discard); !errors.Is(err, ErrInvalidRequest) {
		t.Error(err)
	}
	if _, err := c.download(t.Context(), "https://a.test", nil); !errors.Is(err, ErrInvalidRequest) {
		t.Error(err)
	}
}
