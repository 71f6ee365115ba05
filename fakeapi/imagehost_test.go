package fakeapi_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tensorslab/tensorslab-go/fakeapi"
)

func TestImageHostMethods(t *testing.T) {
	protocols(t, func(t *testing.T, opt fakeapi.Option, _ string) {
		srv := completed(t, opt, fakeapi.WithTasks("a"))
		u := srv.ImageURLs("a")[0]
		head := must(t, fetch(t, srv, http.MethodHead, u))
		if head.status != 200 || head.body != "" || head.header.Get("Content-Length") != fmt.Sprint(len(srv.Image(u))) ||
			head.header.Get("Content-Type") != "image/png" {
			t.Errorf("HEAD: status %d, headers %v, body %q", head.status, head.header, head.body)
		}
		for _, method := range []string{"POST", "PUT", "DELETE", "OPTIONS", "PROPFIND"} {
			if got := must(t, fetch(t, srv, method, u)); got.status != 405 || got.header.Get("Allow") != "GET, HEAD" {
				t.Errorf("%s: status %d, Allow %q", method, got.status, got.header.Get("Allow"))
			}
		}
	})
}

// The image host listens where the API does, on another port.
func TestImageHostAddress(t *testing.T) {
	t.Parallel()
	for _, opt := range []fakeapi.Option{fakeapi.WithTasks("a"), fakeapi.WithTLS(), fakeapi.WithHTTP2(),
		fakeapi.WithAddr("localhost:0"), fakeapi.WithAddr("0.0.0.0:0"), fakeapi.WithAddr(":0")} {
		srv := completed(t, opt, fakeapi.WithTasks("a"))
		api, err := url.Parse(srv.URL)
		if err != nil {
			t.Fatal(err)
		}
		images, err := url.Parse(srv.ImageHost().URL)
		if err != nil || images.Scheme != api.Scheme || images.Port() == api.Port() || images.Path != "" {
			t.Errorf("API on %s, images on %s", api, images)
		}
		if got := must(t, fetch(t, srv, http.MethodGet, srv.ImageURLs("a")[0])); got.status != 200 {
			t.Errorf("%s: status %d", images, got.status)
		}
	}
}

func TestImageHostFaults(t *testing.T) {
	protocols(t, func(t *testing.T, opt fakeapi.Option, _ string) {
		srv := completed(t, opt, fakeapi.WithTasks("a"))
		host, u := srv.ImageHost(), srv.ImageURLs("a")[0]
		whole := string(srv.Image(u))
		host.FailNext(1, fakeapi.Respond(302, "", "").WithHeader("Location", u))
		host.FailNext(1, fakeapi.Fault{}.WithHeader("X-Request-Id", "r1"))
		if got := must(t, fetch(t, srv, http.MethodGet, u+"?1")); got.body != whole || got.header.Get("X-Request-Id") != "r1" {
			t.Errorf("redirected to %d %v", got.status, got.header)
		}
		host.FailNext(1, fakeapi.Respond(503, "text/html", "<p>busy</p>"))
		if got := must(t, fetch(t, srv, http.MethodGet, u+"?2")); got.status != 503 || got.body != "<p>busy</p>" {
			t.Errorf("got %d %q", got.status, got.body)
		}
		host.FailNext(1, fakeapi.TruncateBody())
		if got := fetch(t, srv, http.MethodGet, u+"?3"); got.err == nil || got.body != whole[:len(whole)/2] {
			t.Errorf("got %d bytes and %v, want half of %d", len(got.body), got.err, len(whole))
		}
		host.FailNext(1, fakeapi.Delay(40*time.Millisecond))
		begin := time.Now()
		if got := must(t, fetch(t, srv, http.MethodGet, u+"?4")); got.body != whole || time.Since(begin) < 40*time.Millisecond {
			t.Errorf("got %d after %v", got.status, time.Since(begin))
		}
		if got := must(t, send(srv, deletion(t, srv, "a"))); got.status != 200 {
			t.Errorf("the API met a fault of the image host: %d", got.status)
		}
		var log []string
		for _, r := range host.Requests() {
			log = append(log, fmt.Sprintf("%s %s %s %d", r.Method, r.Path, r.Query, r.Status))
		}
		want := []string{"GET /a-1.png 1 302", "GET /a-1.png  200", "GET /a-1.png 2 503", "GET /a-1.png 3 200", "GET /a-1.png 4 200"}
		if diff := cmp.Diff(want, log); diff != "" || len(srv.Requests()) != 1 {
			t.Errorf("recorded (-want +got):\n%s", diff)
		}
	})
}

// A client repeats a GET whose connection is lost, but never a first one.
func TestImageHostDropsRequests(t *testing.T) {
	protocols(t, func(t *testing.T, opt fakeapi.Option, _ string) {
		srv := completed(t, opt, fakeapi.WithTasks("a"))
		srv.ImageHost().FailNext(1, fakeapi.DropRequest())
		if got := fetch(t, srv, http.MethodGet, srv.ImageURLs("a")[0]); got.err == nil {
			t.Errorf("got a response, %d", got.status)
		}
		if all := srv.ImageHost().Requests(); len(all) != 1 || all[0].Status != 0 {
			t.Errorf("recorded %v", all)
		}
	})
}

// Close does not wait for a download that hangs.
func TestImageHostCloses(t *testing.T) {
	protocols(t, func(t *testing.T, opt fakeapi.Option, _ string) {
		srv := completed(t, opt, fakeapi.WithTasks("a"))
		u := srv.ImageURLs("a")[0]
		srv.ImageHost().FailNext(2, fakeapi.Delay(time.Hour))
		ctx, cancel := context.WithCancel(t.Context())
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, u, nil)
		if err != nil {
			t.Fatal(err)
		}
		sent := make(chan reply, 1)
		go func() { sent <- send(srv, req) }()
		waitFor(t, func() bool { return len(srv.ImageHost().Requests()) == 1 })
		cancel()
		if got := <-sent; !errors.Is(got.err, context.Canceled) {
			t.Errorf("got %v, want the end of the context", got.err)
		}
		go func() { sent <- send(srv, req.WithContext(t.Context())) }()
		waitFor(t, func() bool { return len(srv.ImageHost().Requests()) == 2 })
		if err := srv.Close(); err != nil {
			t.Error(err)
		}
		if got := <-sent; got.err == nil {
			t.Errorf("got a response from a closed host, %d", got.status)
		}
		if got := fetch(t, srv, http.MethodGet, u); got.err == nil {
			t.Errorf("a closed host responded with %d", got.status)
		}
	})
}

// A body is not read, so that it cannot delay the host.
func TestImageHostWithABody(t *testing.T) {
	t.Parallel()
	srv := completed(t, fakeapi.WithTasks("a"))
	req, err := http.NewRequest(http.MethodGet, srv.ImageURLs("a")[0], io.LimitReader(strings.NewReader("body"), 4))
	if err != nil {
		t.Fatal(err)
	}
	if got := must(t, send(srv, req)); got.status != 200 || len(srv.ImageHost().Requests()[0].Body) != 0 {
		t.Errorf("status %d", got.status)
	}
}

// The headers that are searched for keys are bounded.
func TestImageHostRefusesLargeHeaders(t *testing.T) {
	t.Parallel()
	srv := completed(t, fakeapi.WithTasks("a"))
	u := srv.ImageURLs("a")[0]
	if got := must(t, fetch(t, srv, http.MethodGet, u+"?"+strings.Repeat("x", 100_000))); got.status != 431 || len(srv.ImageHost().Requests()) != 0 {
		t.Errorf("status %d, want 431", got.status)
	}
	if got := must(t, fetch(t, srv, http.MethodGet, u+"?"+strings.Repeat("x", 50_000))); got.status != 200 {
		t.Errorf("status %d, want 200", got.status)
	}
}
