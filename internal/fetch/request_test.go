package fetch

import (
	"errors"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/redact"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	const scheme, noHost, userInfo, port, ascii = "neither http nor https", "names no host", "user info", "port", "not ASCII"
	private := ErrPrivate.Error()
	for raw, want := range map[string]string{
		"https://a.test/x": "", "http://a.test:8080/x?y=z": "", "HTTP://A.TEST": "", "https://8.8.8.8": "", "https://[2606:4700::1111]:443/": "",
		"": scheme, "a.png": scheme, "/etc/passwd": scheme, "file:///etc/passwd": scheme, "data:image/png;base64,AA": scheme, "ftp://a.test/x": scheme, "javascript:alert(1)": scheme,
		"https://": noHost, "https:///a": noHost, "https:a.test": noHost,
		"https://user:secret@a.test/": userInfo, "https://user@a.test/": userInfo,
		"https://a.test:0/": port, "https://a.test:/": port, "https://a.test:65536/": port,
		"http://ｌｏｃａｌｈｏｓｔ/secret": ascii, "http://１２７.０.０.１/secret": ascii, "http://b\u00fccher.test/": ascii,
		"http://127.0.0.1/secret": private, "http://localhost:8080/secret": private, "https://[::1]/secret": private, "http://intranet/": private,
		"http://169.254.169.254/latest/meta-data/secret": private, "https://10.0.0.1/secret": private, "http://[::ffff:127.0.0.1]/secret": private,
	} {
		u := parse(t, raw)
		err := New(Options{}).Check(u)
		if (err == nil) != (want == "") || err != nil && (!strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret")) {
			t.Errorf("%q: %v", raw, err)
		}
		allowed := New(Options{AllowPrivate: true}).Check(u)
		if (allowed == nil) != (want == "" || want == private) || want == private && !errors.Is(err, ErrPrivate) {
			t.Errorf("%q, with private addresses allowed: %v", raw, allowed)
		}
	}
}

func TestRedirects(t *testing.T) {
	t.Parallel()
	var left atomic.Int32
	var location atomic.Value
	host, requests := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if len(r.Header) != 3 || r.Referer() != "" {
			t.Errorf("sent %v", r.Header)
		}
		if left.Add(-1) < 0 {
			_, _ = io.WriteString(w, picture(9))
			return
		}
		w.Header().Set("Set-Cookie", "a=b")
		w.Header().Set("Location", location.Load().(string))
		w.WriteHeader(http.StatusFound)
	})
	for name, tt := range map[string]struct {
		redirects int32
		location  string
		is        error
		requests  int32
	}{
		"none":      {0, "/b", nil, 1},
		"the most":  {2, "/b?sig=secret", nil, 3},
		"one more":  {3, "/b?sig=secret", ErrRedirect, 3},
		"malformed": {1, "http://[::1/secret", ErrRedirect, 1},
		"a file":    {1, "file:///secret", ErrRedirect, 1},
		"data":      {1, "data:image/png;base64,secret", ErrRedirect, 1},
		"no port":   {1, "http://127.0.0.1:/secret", ErrRedirect, 1},
		"in a loop": {1 << 30, "?sig=secret", ErrRedirect, 3},
		"user info": {1, "http://user:secret@127.0.0.1/", ErrRedirect, 1},
	} {
		left.Store(tt.redirects)
		location.Store(tt.location)
		before := requests.Load()
		_, failed := loopback(t, Options{MaxRedirects: 2}).get(t.Context(), host.ResolveReference(parse(t, "/a?sig=secret")), io.Discard)
		if err := errorOf(failed); !errors.Is(err, tt.is) || requests.Load()-before != tt.requests || err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v after %d requests", name, err, requests.Load()-before)
		}
	}
}

func TestRedirectsSwitchedOff(t *testing.T) {
	t.Parallel()
	host, requests := serve(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/b", http.StatusFound) })
	f := New(Options{MaxBytes: 1, AllowPrivate: true})
	t.Cleanup(f.CloseIdleConnections)
	if _, failed := f.get(t.Context(), host, io.Discard); !errors.Is(errorOf(failed), ErrRedirect) || requests.Load() != 1 {
		t.Errorf("%+v", failed)
	}
}

// Only these statuses redirect, and only with a Location.
func TestRedirectStatuses(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]int{301: 2, 302: 2, 303: 2, 307: 2, 308: 2, 300: 1, 304: 1, 305: 1, 201: 1} {
		requests := 0
		_, failed := loopback(t, Options{Transport: roundTripper(func(req *http.Request) (*http.Response, error) {
			if requests++; req.URL.Path == "/b" {
				return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(png))}, nil
			}
			return &http.Response{StatusCode: status, Header: http.Header{"Location": {"/b"}}, Body: http.NoBody}, nil
		})}).get(t.Context(), parse(t, "https://images.test/a"), io.Discard)
		if requests != want || (failed == nil) != (want == 2) || failed != nil && failed.Status != status {
			t.Errorf("%d: %d requests, %+v", status, requests, failed)
		}
	}
}

// A public host can't send us to one that is not.
func TestRedirectsToPrivateAddresses(t *testing.T) {
	t.Parallel()
	get := func(from, location string) *Failure {
		f := New(withTestDefaults(Options{}))
		f.transport = func() http.RoundTripper {
			return roundTripper(func(req *http.Request) (*http.Response, error) {
				if req.URL.Host != "images.test" {
					t.Errorf("requested %s", req.URL.Host)
				}
				return &http.Response{StatusCode: 307, Header: http.Header{"Location": {location}}, Body: http.NoBody, Request: req}, nil
			})
		}
		n, failed := f.get(t.Context(), parse(t, from), io.Discard)
		if n != 0 || failed == nil || !errors.Is(failed.Err, ErrRedirect) || strings.Contains(failed.Err.Error(), "secret") {
			t.Fatalf("%s: %d, %+v", location, n, failed)
		}
		return failed
	}
	for _, target := range []string{"http://127.0.0.1/secret", "http://169.254.169.254/latest/secret", "https://localhost/secret", "//10.0.0.1/secret", "http://[fd00::1]/secret"} {
		if failed := get("http://images.test/a.png", target); !errors.Is(failed.Err, ErrPrivate) || failed.Host != parse(t, target).Host {
			t.Errorf("%s: %+v", target, failed)
		}
	}
	if failed := get("https://images.test/a.png", "http://images.test/b"); !strings.Contains(failed.Err.Error(), "from https to http") {
		t.Errorf("downgrade: %+v", failed)
	}
}

// Whatever is requested is http or https to a host whose name, in the forms that
// resolvers and proxies know, is not that of a private address.
func FuzzCheck(f *testing.F) {
	for _, seed := range []string{
		"https://a.test/x", "http://127.0.0.1", "http://[::1]:80/", "file:///x", "data:,x", "http://0x7f000001/", "http://127.1", "http://0177.1/", "https://a@b.test/",
		"//a.test", "https://\x00", "http://localhost./", "http://[fe80::1%25eth0]/", "http://[::ffff:10.0.0.1]/", "http://[64:ff9b::a00:1]/", "http://１２７.０.０.１/",
		"http://a.localhost:8080", "http://169.254.169.254./latest", "https://a.test:70000", "http://a.test\\@127.0.0.1/", "http://a.test#@127.0.0.1", "HTTP://A.TEST", "http://%31.test",
	} {
		f.Add(seed, seed)
	}
	fetcher := New(Options{})
	f.Fuzz(func(t *testing.T, raw, location string) {
		u, err := url.Parse(raw)
		if err != nil || fetcher.Check(u) != nil {
			return
		}
		checkRequested(t, u)
		if next, err := u.Parse(location); err == nil && fetcher.Check(next) == nil {
			checkRequested(t, next)
		}
	})
}

func checkRequested(t *testing.T, u *url.URL) {
	t.Helper()
	host := strings.TrimRight(strings.ToLower(u.Hostname()), ".")
	last := host[strings.LastIndex(host, ".")+1:]
	addr, err := netip.ParseAddr(host)
	switch {
	case u.User != nil || u.Scheme != "http" && u.Scheme != "https" || strings.ContainsFunc(host, notPrintableASCII):
		t.Errorf("%q is requested", u)
	case err == nil && (addr.Unmap().IsLoopback() || addr.Unmap().IsPrivate() || addr.IsLinkLocalUnicast() || addr.IsUnspecified() || addr.IsMulticast()):
		t.Errorf("%q is requested", u)
	case err != nil && (!strings.Contains(host, ".") || last == "localhost" || strings.Trim(last, "0123456789") == ""):
		t.Errorf("%q is requested", u)
	}
	if !strings.Contains(u.Host, u.Hostname()) {
		t.Errorf("%q hides its host", u)
	}
}

// A redirect must not carry the key to another host, nor into the Failure.
func TestRedirectsThatHoldTheKey(t *testing.T) {
	t.Parallel()
	reached := make(chan string, 1)
	other, _ := serve(t, func(_ http.ResponseWriter, r *http.Request) { reached <- r.URL.String() })
	key := redact.New("Bearer sk-secret-key")
	for name, location := range map[string]string{
		"in the query":                other.String() + "/i?token=sk-secret%2Dkey",
		"in the path":                 other.String() + "/sk-secret-key",
		"in the host":                 "http://sk-secret-key.test/i",
		"as the host":                 "//sk-secret-key",
		"in a host with a wrong port": "http://sk-secret-key:0/i",
		"in a host after user info":   "http://user@sk-secret-key/i",
		"in a host of another scheme": "ftp://sk-secret-key/i",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			first, _ := serve(t, responds(http.StatusFound, http.Header{"Location": {location}}, ""))
			f := loopback(t, Options{HoldsKey: func(rawURL string) bool { return HoldsKey(key, rawURL) }})
			_, failure := f.get(t.Context(), first, io.Discard)
			if failure == nil || !errors.Is(failure.Err, ErrRedirect) || strings.Contains(failure.Err.Error(), "secret") || len(reached) != 0 {
				t.Fatalf("got %+v, and the other host %d requests", failure, len(reached))
			}
			if failure.Host != first.Host {
				t.Errorf("the host is %q", failure.Host)
			}
		})
	}
}

// A key is found in a URL as it was given: what does not parse is not quoted.
func TestAddress(t *testing.T) {
	t.Parallel()
	key := redact.New("Bearer sk-secret-key")
	f := New(Options{HoldsKey: func(rawURL string) bool { return HoldsKey(key, rawURL) }})
	for raw, want := range map[string]string{
		" https://a.test/a b.png#part":      "",
		"https://a.test/?key=sk-secret-key": "holds the API key",
		"https://a.test/\x00sk-secret-key":  "holds the API key",
		"https://a.test/\x00secret":         "the URL is malformed",
		"ftp://a.test/secret":               "neither http nor https",
		"http://localhost/secret":           ErrPrivate.Error(),
	} {
		u, err := f.Address(raw)
		if want == "" {
			if err != nil || u.String() != "https://a.test/a%20b.png" {
				t.Errorf("%q: %v, %v", raw, u, err)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret") || (want == ErrPrivate.Error()) && u == nil {
			t.Errorf("%q: %v, %v", raw, u, err)
		}
	}
}
