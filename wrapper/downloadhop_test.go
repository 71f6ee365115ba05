package wrapper

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/testkit"
)

func TestDownloadRefusesURLs(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, "https://api.test")
	for raw, want := range map[string]error{
		"": ErrInvalidRequest, "a.png": ErrInvalidRequest, "/etc/passwd": ErrInvalidRequest, "file:///etc/passwd": ErrInvalidRequest,
		"data:image/png;base64,AA": ErrInvalidRequest, "ftp://a.test/x": ErrInvalidRequest, "https://": ErrInvalidRequest, "https:///a": ErrInvalidRequest,
		"https:a.test": ErrInvalidRequest, "https://user:secret@a.test/": ErrInvalidRequest, "https://a.test:0/": ErrInvalidRequest, "https://a.test:/": ErrInvalidRequest,
		"https://a.test/\n": ErrInvalidRequest, "http://ｌｏｃａｌｈｏｓｔ/secret": ErrInvalidRequest, "http://１２７.０.０.１/secret": ErrInvalidRequest, "https://[::1": ErrInvalidRequest, "javascript:alert(1)": ErrInvalidRequest,
		"http://127.0.0.1/secret": ErrPrivateHost, "http://localhost:8080/secret": ErrPrivateHost, "https://[::1]/secret": ErrPrivateHost,
		"http://169.254.169.254/latest/meta-data/secret": ErrPrivateHost, "https://10.0.0.1/secret": ErrPrivateHost, "http://[::ffff:127.0.0.1]/secret": ErrPrivateHost,
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

func TestDownloadFollowsFewRedirects(t *testing.T) {
	t.Parallel()
	var hops atomic.Int32
	location := new(atomic.Value)
	host, requests := testkit.Serve(t, func(w http.ResponseWriter, r *http.Request) {
		if len(r.Header) != 3 || r.Referer() != "" {
			t.Errorf("sent %v", r.Header)
		}
		if hops.Add(-1) < 0 {
			_, _ = io.WriteString(w, picture(9))
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
		"data":      {1, "data:image/png;base64,secret", ErrRedirected, 1},
		"no port":   {1, "http://127.0.0.1:/secret", ErrRedirected, 1},
		"in a loop": {1 << 30, "?sig=secret", ErrRedirected, 3},
		"user info": {1, "http://user:secret@127.0.0.1/", ErrRedirected, 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			hops.Store(tt.hops)
			location.Store(tt.location)
			before := requests.Load()
			_, err := downloads(t, DownloadPolicy{MaxRedirects: 2}).download(t.Context(), host+"/a?sig=secret", io.Discard)
			if !errors.Is(err, tt.is) || requests.Load()-before != tt.requests {
				t.Errorf("%v after %d requests", err, requests.Load()-before)
			}
			if err != nil && strings.Contains(err.Error(), "secret") {
				t.Error(err)
			}
		})
	}
	hops.Store(1)
	if _, err := downloads(t, DownloadPolicy{MaxRedirects: -1}).download(t.Context(), host, io.Discard); !errors.Is(err, ErrRedirected) {
		t.Errorf("redirects switched off: %v", err)
	}
}
