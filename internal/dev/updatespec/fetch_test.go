package main

import (
	"compress/gzip"
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/internal/dev/codegen"
)

const testLimit = 1000

// sites are two servers of this machine, one with TLS and one without, and what
// fetches from both.
type sites struct {
	plain, secure *httptest.Server
	fetcher       fetcher
}

func serve(t *testing.T, handler func(s *sites, w http.ResponseWriter, r *http.Request)) *sites {
	t.Helper()
	s := &sites{}
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler(s, w, r) })
	s.plain, s.secure = httptest.NewServer(h), httptest.NewUnstartedServer(h)
	s.secure.Config.ErrorLog = log.New(io.Discard, "", 0) // of handshakes that a test breaks off
	s.secure.StartTLS()
	transport := s.secure.Client().Transport
	s.fetcher = fetcher{transport: transport, timeout: 10 * time.Second, limit: testLimit}
	t.Cleanup(func() {
		s.plain.Close()
		s.secure.Close()
	})
	return s
}

// base returns the URL of one of the two.
func (s *sites) base(secure bool) string {
	if secure {
		return s.secure.URL
	}
	return s.plain.URL
}

// write writes a response; the client may be gone.
func write(w io.Writer, text string) { _, _ = io.WriteString(w, text) }

// whole is the longest document that a test's fetcher takes.
var whole = strings.Repeat("x", testLimit)

var fetched = []struct {
	name    string
	handler func(s *sites, w http.ResponseWriter, r *http.Request)
	secure  bool
	want    string
}{
	{"plain", func(_ *sites, w http.ResponseWriter, _ *http.Request) { write(w, whole) }, false, whole},
	{"TLS", func(_ *sites, w http.ResponseWriter, _ *http.Request) { write(w, whole) }, true, whole},
	{"any media type", func(_ *sites, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		write(w, "{}")
	}, false, "{}"},
	{"compressed", func(_ *sites, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		write(z, whole)
		_ = z.Close()
	}, false, whole},
	{"in chunks", func(_ *sites, w http.ResponseWriter, _ *http.Request) {
		for _, half := range []string{whole[:10], whole[10:]} {
			write(w, half)
			_ = http.NewResponseController(w).Flush()
		}
	}, false, whole},
	{"a redirect to https", func(s *sites, w http.ResponseWriter, r *http.Request) {
		if r.TLS == nil {
			http.Redirect(w, r, s.secure.URL, http.StatusFound)
			return
		}
		write(w, whole)
	}, false, whole},
	{"the request", func(_ *sites, w http.ResponseWriter, r *http.Request) {
		write(w, r.Method+" "+r.URL.String()+" "+r.Header.Get("Accept"))
	}, false, "GET /a/openapi.json?v=1 application/json"},
}

func TestFetch(t *testing.T) {
	t.Parallel()
	for _, tt := range fetched {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, tt.handler)
			got, err := s.fetcher.fetch(t.Context(), s.base(tt.secure)+"/a/openapi.json?v=1")
			if err != nil || string(got) != tt.want {
				t.Errorf("%q, %v; want %q", got, err, tt.want)
			}
		})
	}
}

func status(code int) func(*sites, http.ResponseWriter, *http.Request) {
	return func(_ *sites, w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(code)
		if code != http.StatusNoContent {
			write(w, withInfo(""))
		}
	}
}

var refusedResponses = []struct {
	name    string
	handler func(s *sites, w http.ResponseWriter, r *http.Request)
	secure  bool
	want    string
}{
	{"not found", status(http.StatusNotFound), false, "HTTP 404 Not Found instead of the contract"},
	{"no content", status(http.StatusNoContent), false, "HTTP 204"},
	{"a gateway", status(http.StatusBadGateway), true, "HTTP 502"},
	{"no such status", status(599), false, "HTTP 599"},
	{"too large, as it says", func(_ *sites, w http.ResponseWriter, _ *http.Request) {
		write(w, strings.Repeat("x", testLimit+1))
	}, false, "too large for a contract: 1001 bytes"},
	{"too large, in chunks", func(_ *sites, w http.ResponseWriter, _ *http.Request) {
		for range testLimit + 1 {
			write(w, "x")
			_ = http.NewResponseController(w).Flush()
		}
	}, false, "too large for a contract: more than 1000 bytes"},
	{"too large, without an end", func(_ *sites, w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			write(w, strings.Repeat("x", 1<<16))
		}
	}, false, "too large"},
	{"too large, once it is decompressed", func(_ *sites, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		write(z, strings.Repeat("x", 1<<20))
		_ = z.Close()
	}, false, "too large"},
	{"broken off", func(_ *sites, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		write(w, "{\"openapi\"")
	}, false, "the response broke off after 10 bytes"},
	{"broken off in a chunk", func(_ *sites, w http.ResponseWriter, _ *http.Request) {
		write(w, "{\"openapi\"")
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}, false, "the response broke off after 10 bytes"},
	{"no response", func(*sites, http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, false, "EOF"},
	{"a redirect from https to http", func(s *sites, w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, s.plain.URL, http.StatusFound)
	}, true, "it redirects to an address that is not https"},
	{"a redirect from http to http", func(s *sites, w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, s.plain.URL+"/other", http.StatusMovedPermanently)
	}, false, "it redirects to an address that is not https"},
	{"a redirect to a file", func(_ *sites, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", "file:///etc/passwd")
		w.WriteHeader(http.StatusFound)
	}, true, "it redirects to an address that is not https"},
	{"redirects without an end", func(s *sites, w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, s.secure.URL, http.StatusFound)
	}, true, "it redirects more than 5 times"},
}

func TestFetchRefuses(t *testing.T) {
	t.Parallel()
	for _, tt := range refusedResponses {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, tt.handler)
			got, err := s.fetcher.fetch(t.Context(), s.base(tt.secure)+"/openapi.json?token=s3cret")
			isFetchError(t, got, err, tt.want)
		})
	}
}

// isFetchError checks for one line that says what is wrong and gives nothing away.
func isFetchError(t *testing.T, got []byte, err error, want string) {
	t.Helper()
	if got != nil || err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "SPEC_URL") {
		t.Fatalf("%d bytes, %v; want an error with %q", len(got), err, want)
	}
	if strings.Contains(err.Error(), "s3cret") || strings.Contains(err.Error(), "\n") {
		t.Errorf("the error holds more than it may: %v", err)
	}
}

func TestFetchIsBoundedInTime(t *testing.T) {
	t.Parallel()
	s := serve(t, func(_ *sites, w http.ResponseWriter, r *http.Request) {
		write(w, "{")
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	})
	s.fetcher.timeout = 50 * time.Millisecond
	got, err := s.fetcher.fetch(t.Context(), s.plain.URL)
	isFetchError(t, got, err, "no complete response within 50ms")

	ctx, cancel := context.WithCancelCause(t.Context())
	stop := errors.New("stopped by hand")
	time.AfterFunc(10*time.Millisecond, func() { cancel(stop) })
	s.fetcher.timeout = time.Minute
	if _, err := s.fetcher.fetch(ctx, s.plain.URL); !errors.Is(err, stop) {
		t.Errorf("%v; want %v", err, stop)
	}
}

func TestFetchFromNobody(t *testing.T) {
	t.Parallel()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	url := "http://user:s3cret@" + ln.Addr().String() + "/openapi.json?token=s3cret"
	ln.Close()
	got, err := fetcher{timeout: time.Minute, limit: testLimit}.fetch(t.Context(), url)
	isFetchError(t, got, err, "connect")
}

func TestFetchDoesNotTrustAnybody(t *testing.T) {
	t.Parallel()
	s := serve(t, status(http.StatusOK))
	s.fetcher.transport = nil
	got, err := s.fetcher.fetch(t.Context(), s.secure.URL)
	isFetchError(t, got, err, "certificate")
}

func TestParseURL(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{codegen.All[0].Address, "https://example.com", " https://example.com/a?b \n", "http://localhost:1/", "http://127.0.0.1/", "http://[::1]:8080/a"} {
		if _, err := parseURL(raw); err != nil {
			t.Errorf("%s: %v", raw, err)
		}
	}
	for _, raw := range []string{"", "openapi.json", "/openapi.json", "file:///openapi.json", "ftp://example.com/a", "http://example.com/",
		"http://127.0.0.1.example.com/", "http://10.0.0.1/", "https:openapi.json", "https://user:s3cret@[/", "https://s3cret\x7f"} {
		if _, err := parseURL(raw); !errors.Is(err, errUsage) || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%q: %v; want a usage error without it", raw, err)
		}
	}
}
