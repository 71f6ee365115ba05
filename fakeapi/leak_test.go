package fakeapi_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/fakeapi"
)

const trickyKey = "tl/secret+0123=456" // its escaped form differs

func TestLeaks(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*http.Request)
		leaks  bool
	}{
		"clean":          {func(*http.Request) {}, false},
		"ordinary":       {func(r *http.Request) { r.Header.Set("User-Agent", "x"); r.URL.RawQuery = "signature=abc" }, false},
		"bare":           {func(r *http.Request) { r.Header.Set("Authorization", trickyKey) }, true},
		"Bearer":         {func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+trickyKey) }, true},
		"another key":    {func(r *http.Request) { r.Header.Set("Authorization", "other") }, true},
		"Basic":          {func(r *http.Request) { r.SetBasicAuth("user", "password") }, true},
		"empty":          {func(r *http.Request) { r.Header["Authorization"] = []string{""} }, true},
		"proxy":          {func(r *http.Request) { r.Header.Set("Proxy-Authorization", "x") }, true},
		"user info":      {func(r *http.Request) { r.URL.User = url.User("someone") }, true},
		"other header":   {func(r *http.Request) { r.Header.Set("X-Api-Key", trickyKey) }, true},
		"cookie":         {func(r *http.Request) { r.Header.Set("Cookie", "a=b; key="+trickyKey+"; c=d") }, true},
		"referer":        {func(r *http.Request) { r.Header.Set("Referer", "https://x/?key="+trickyKey) }, true},
		"second value":   {func(r *http.Request) { r.Header["X-Many"] = []string{"1", "x" + trickyKey} }, true},
		"query":          {func(r *http.Request) { r.URL.RawQuery = "a=1&key=" + url.QueryEscape(trickyKey) }, true},
		"query as it is": {func(r *http.Request) { r.URL.RawQuery = trickyKey }, true},
		"query name":     {func(r *http.Request) { r.URL.RawQuery = url.QueryEscape(trickyKey) }, true},
		"path":           {func(r *http.Request) { r.URL = r.URL.JoinPath("x" + url.PathEscape(trickyKey) + "x") }, true},
		"path as it is":  {func(r *http.Request) { r.URL.Path += trickyKey; r.URL.RawPath = "" }, true},
		"part of it":     {func(r *http.Request) { r.Header.Set("X-Part", trickyKey[1:]) }, false},
		"other case":     {func(r *http.Request) { r.Header.Set("X-Case", strings.ToUpper(trickyKey)) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkLeak(t, c.change, c.leaks)
		})
	}
}

// checkLeak sends a changed request to an image host, and checks that a leak is
// refused, counted and reported without the key.
func checkLeak(t *testing.T, change func(*http.Request), leaks bool) {
	t.Helper()
	tb := newRecorder()
	srv := fakeapi.Start(tb, fakeapi.WithKey(trickyKey), fakeapi.WithTasks("a")) // not strict
	req, err := http.NewRequest(http.MethodGet, srv.ImageURLs("a")[0], nil)
	if err != nil {
		t.Fatal(err)
	}
	change(req)
	got := must(t, send(srv, req))
	count := srv.ImageHost().Leaks()
	errs := tb.finish()
	if !leaks {
		if got.status != 200 || count != 0 || len(errs) != 0 {
			t.Errorf("status %d, %d leaks, reported %q", got.status, count, errs)
		}
		return
	}
	if got.status != 400 || count != 1 || len(errs) != 1 || !strings.HasPrefix(errs[0], `fakeapi: GET "`) ||
		!strings.HasSuffix(errs[0], "took the API key to the image host: send the key to the API alone") {
		t.Errorf("status %d, %d leaks, reported %q", got.status, count, errs)
	}
	text := strings.Join(errs, "") + recorded(srv.ImageHost().Requests()) + got.body
	if strings.Contains(text, trickyKey) || strings.Contains(text, url.QueryEscape(trickyKey)) || strings.Contains(text, "password") ||
		strings.Contains(text, base64.StdEncoding.EncodeToString([]byte("user:password"))) {
		t.Errorf("the key is in: %s", text)
	}
}

// Without a configured key, every key that the API was sent counts.
func TestLeaksOfKeysThatTheAPISaw(t *testing.T) {
	t.Parallel()
	srv, err := fakeapi.NewServer(fakeapi.WithTasks("a"))
	if err != nil {
		t.Fatal(err)
	}
	defer srv.Close()
	status := func(value string) int {
		req, err := http.NewRequest(http.MethodGet, srv.ImageURLs("a")[0]+"?v="+value, nil)
		if err != nil {
			t.Fatal(err)
		}
		return must(t, send(srv, req)).status
	}
	for i, c := range []struct {
		seen  string // by the API, before
		value string
		want  int
	}{
		{"", "first-key-0123", 200},
		{"Bearer first-key-0123", "first-key-0123", 400},
		{"", "xfirst-key-0123x", 400},
		{"second-key-0123", "first-key-0123", 400},
		{"", "second-key-0123", 400},
		{"short", "short", 400}, // as a whole value
		{"", "shorter", 200},
		{"", "Bearer+short", 400},
		{"", "%73hort", 400},
		{"", "&short", 400},
		{"", "&x-short=1", 200},
	} {
		if c.seen != "" {
			req := deletion(t, srv)
			req.Header.Set("Authorization", c.seen)
			must(t, send(srv, req))
		}
		if got := status(c.value); got != c.want {
			t.Errorf("%d: %s has status %d, want %d", i, c.value, got, c.want)
		}
	}
	if got := must(t, fetch(t, srv, http.MethodGet, srv.ImageHost().URL+"/x/short/y")); got.status != 400 {
		t.Errorf("a segment of a path has status %d, want 400", got.status)
	}
	if got := srv.ImageHost().Leaks(); got != 9 {
		t.Errorf("%d leaks, want 9", got)
	}
}

// A fault hides no leak.
func TestLeaksMeetFaults(t *testing.T) {
	protocols(t, func(t *testing.T, opt fakeapi.Option, _ string) {
		tb := newRecorder()
		srv := fakeapi.Start(tb, opt, fakeapi.WithTasks("a"))
		host, u := srv.ImageHost(), srv.ImageURLs("a")[0]
		host.FailNext(1, fakeapi.Respond(302, "", "").WithHeader("Location", u))
		req, err := http.NewRequest(http.MethodGet, u, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", testKey) // net/http keeps it on the same host
		if got := must(t, send(srv, req)); got.status != 400 || host.Leaks() != 2 {
			t.Errorf("status %d, %d leaks", got.status, host.Leaks())
		}
		if errs := tb.finish(); len(errs) != 2 {
			t.Errorf("reported %q, want both", errs)
		}
	})
}

// The host prints as its URL: no key, no journal.
func TestImageHostIsPrinted(t *testing.T) {
	t.Parallel()
	host := fakeapi.Start(t, fakeapi.WithKey(testKey)).ImageHost()
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%x"} {
		if got := fmt.Sprintf(format, host); got != "fakeapi.ImageHost("+host.URL+")" {
			t.Errorf("printed %s", got)
		}
	}
}
