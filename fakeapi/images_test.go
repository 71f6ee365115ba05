package fakeapi_test

import (
	"bytes"
	"image/png"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// completed starts a server whose tasks need no waiting.
func completed(t *testing.T, opts ...fakeapi.Option) *fakeapi.Server {
	t.Helper()
	return fakeapi.Start(t, append(opts, fakeapi.WithTaskLife(fakeapi.TaskLife{}))...)
}

func TestImages(t *testing.T) {
	protocols(t, func(t *testing.T, opt fakeapi.Option, proto string) {
		srv := completed(t, opt)
		id := create(t, srv, text("batchsize", "3", "resolution", "9:16")...)
		urls := srv.ImageURLs(id)
		if len(urls) != 3 {
			t.Fatalf("urls %q", urls)
		}
		var seen []string
		for _, u := range urls {
			got := must(t, fetch(t, srv, http.MethodGet, u))
			if got.status != 200 || got.proto != proto || got.header.Get("Content-Type") != "image/png" ||
				got.header.Get("Content-Length") != strconv.Itoa(len(got.body)) {
				t.Errorf("%s: status %d over %s, headers %v, %d bytes", u, got.status, got.proto, got.header, len(got.body))
			}
			picture, err := png.Decode(strings.NewReader(got.body))
			if err != nil || picture.Bounds().Dx() != 36 || picture.Bounds().Dy() != 64 {
				t.Errorf("%s: %v, want a PNG of 36 by 64", u, err)
			}
			if !bytes.Equal(srv.Image(u), []byte(got.body)) || slices.Contains(seen, got.body) {
				t.Errorf("%s: not the image of Image, or that of another URL", u)
			}
			seen = append(seen, got.body)
		}
	})
}

// The same task has the same picture in another run.
func TestImagesAreDeterministic(t *testing.T) {
	t.Parallel()
	first, second := completed(t, fakeapi.WithTasks("a")), completed(t, fakeapi.WithTasks("a"))
	one, other := first.Image(first.ImageURLs("a")[0]), second.Image(second.ImageURLs("a")[0])
	if len(one) == 0 || !bytes.Equal(one, other) {
		t.Errorf("%d and %d bytes, want the same", len(one), len(other))
	}
}

// There are images from when the task is completed until it is deleted.
func TestImagesLiveWithTheirTask(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t)
	id := create(t, srv)
	later := srv.ImageHost().URL + "/" + id + "-1.png"
	for range 2 {
		if srv.ImageURLs(id) != nil || srv.Image(later) != nil || must(t, fetch(t, srv, http.MethodGet, later)).status != 404 {
			t.Error("a task has images before it is completed")
		}
		statuses(t, srv, id, 1)
	}
	if got := srv.ImageURLs(id); !slices.Equal(got, []string{later}) || must(t, fetch(t, srv, http.MethodGet, later)).status != 200 {
		t.Errorf("URLs %q of a completed task, want %s", got, later)
	}
	wantJSON(t, send(srv, deletion(t, srv, id)), 200, successBody)
	if srv.ImageURLs(id) != nil || srv.Image(later) != nil || must(t, fetch(t, srv, http.MethodGet, later)).status != 404 {
		t.Error("a deleted task has images")
	}
	srv.ScriptNext(1, fakeapi.TaskLife{Fail: "no"})
	if got := srv.ImageURLs(create(t, srv)); got != nil {
		t.Errorf("a failed task has %q", got)
	}
}

// Any id makes one segment of a path, which no client rewrites.
func TestImagesOfOddIDs(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"", ".", "..", "../../etc/passwd", "a/b?c=d#e", "%2F", "ü 1", "-1.png", "a\x00\xff", "a+b&c", "http://x/"} {
		srv := completed(t, fakeapi.WithTasks(id))
		u := srv.ImageURLs(id)[0]
		parsed, err := url.Parse(u)
		if err != nil || strings.Count(parsed.EscapedPath(), "/") != 1 || parsed.RawQuery != "" {
			t.Errorf("%q has the URL %s, %v", id, u, err)
		}
		if got := must(t, fetch(t, srv, http.MethodGet, u)); got.status != 200 || got.body != string(srv.Image(u)) {
			t.Errorf("%q: %s has status %d", id, u, got.status)
		}
	}
}

func TestNoSuchImages(t *testing.T) {
	t.Parallel()
	srv := completed(t, fakeapi.WithTasks("a", "b/c"))
	host := srv.ImageHost().URL
	for _, path := range []string{"", "/", "/a", "/a.png", "/a-0.png", "/a-2.png", "/a-01.png", "/a-+1.png", "/a-1.PNG", "/a-1.png/", "//a-1.png",
		"/%61-1.png", "/b/c-1.png", "/b%2fc-1.png", "/x-1.png", "/a-99999999999999999999.png", "/-.png", "/.png", "/a-1.jpg", "/./a-1.png"} {
		got := must(t, fetch(t, srv, http.MethodGet, host+path))
		if got.status != 404 || strings.Contains(got.body, "png") || srv.Image(host+path) != nil {
			t.Errorf("%s: status %d, body %q", path, got.status, got.body)
		}
	}
	for _, other := range []string{"", "/a-1.png", srv.URL + "/a-1.png", "http://example.com/a-1.png", host + "0/a-1.png", "\x00"} {
		if srv.Image(other) != nil {
			t.Errorf("%q is an image", other)
		}
	}
}

// A query is ignored, so that the URLs may look like signed ones.
func TestImagesWithAQuery(t *testing.T) {
	t.Parallel()
	srv := completed(t, fakeapi.WithTasks("a"))
	u := srv.ImageURLs("a")[0]
	if got := must(t, fetch(t, srv, http.MethodGet, u+"?signature=x&expires=1")); got.status != 200 || got.body != string(srv.Image(u)) {
		t.Errorf("status %d", got.status)
	}
}
