package send

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
)

func buildRequest() (*http.Request, error) {
	req, err := http.NewRequest(http.MethodPost, "https://h.test/a/b?c=d", strings.NewReader("other"))
	if err == nil {
		req.Header.Add("Content-Type", "application/json")
	}
	return req, err
}

// The request is the one that was built, but for its context and its body, which can be
// read as often as one likes.
func TestTemplateRequest(t *testing.T) {
	t.Parallel()
	type key struct{}
	var templates Templates
	for _, body := range []string{`{"first":1}`, `{}`, strings.Repeat("x", 1000)} {
		req, err := templates.Request(context.WithValue(t.Context(), key{}, body), "op", buildRequest, []byte(body))
		if err != nil {
			t.Fatal(err)
		}
		if req.Method != http.MethodPost || req.URL.String() != "https://h.test/a/b?c=d" || req.Host != "h.test" || req.Header.Get("Content-Type") != "application/json" || len(req.Header) != 1 {
			t.Errorf("%s %s, %v", req.Method, req.URL, req.Header)
		}
		if req.Context().Value(key{}) != body || req.ContentLength != int64(len(body)) {
			t.Errorf("context %v, length %d", req.Context(), req.ContentLength)
		}
		for range 3 {
			if data, err := io.ReadAll(req.Body); err != nil || string(data) != body {
				t.Errorf("%q, %v", data, err)
			}
			if req.Body, err = req.GetBody(); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// What an editor does to one request is not in the next one, nor in that of another
// operation.
func TestTemplateIsNotChanged(t *testing.T) {
	t.Parallel()
	var templates Templates
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				req, err := templates.Request(t.Context(), "op", buildRequest, nil)
				if err != nil || req.URL.Host != "h.test" || len(req.Header) != 1 || req.Header["Content-Type"][0] != "application/json" {
					t.Errorf("%v, %v", req, err)
					return
				}
				req.URL.Host = "other.test"
				req.Header["Content-Type"][0] = "text/plain"
				req.Header.Add("Content-Type", "a")
				req.Header.Set("X-Y", "z")
			}
		})
	}
	wg.Wait()
	other, err := templates.Request(t.Context(), "other", func() (*http.Request, error) { return http.NewRequest(http.MethodPut, "https://o.test/", nil) }, nil)
	if err != nil || other.Method != http.MethodPut {
		t.Errorf("%v, %v", other, err)
	}
}

// A request that can't be built is tried anew.
func TestTemplateRequestFails(t *testing.T) {
	t.Parallel()
	var templates Templates
	broken := errors.New("broken")
	if req, err := templates.Request(t.Context(), "op", func() (*http.Request, error) { return nil, broken }, nil); !errors.Is(err, broken) || req != nil {
		t.Errorf("%v, %v", req, err)
	}
	if _, err := templates.Request(t.Context(), "op", buildRequest, nil); err != nil {
		t.Error(err)
	}
}
