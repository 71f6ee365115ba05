package send

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"slices"
	"sync"
)

// Templates keep one request of each operation. A generated client parses its address
// three times for each request, which takes longer than all that this package does. The
// zero value is ready for use, and safe for concurrent use.
type Templates struct{ requests sync.Map } // of *http.Request, by operation

// Request returns what build made for the operation the first time, with ctx and another
// body. Nothing of it is shared with other requests.
func (t *Templates) Request(ctx context.Context, operation string, build func() (*http.Request, error), body []byte) (*http.Request, error) {
	template, ok := t.requests.Load(operation)
	if !ok {
		made, err := build()
		if err != nil {
			return nil, err
		}
		template, _ = t.requests.LoadOrStore(operation, made)
	}
	req := copied(ctx, template.(*http.Request))
	req.ContentLength = int64(len(body))
	req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	req.Body, _ = req.GetBody()
	return req, nil
}

// addedLater is how many headers a request usually gets besides: the key and User-Agent.
const addedLater = 2

// copied is template.Clone(ctx) for what a generated client builds, in half the time.
func copied(ctx context.Context, template *http.Request) *http.Request {
	req, url := template.WithContext(ctx), *template.URL
	req.URL, req.Header = &url, make(http.Header, len(template.Header)+addedLater)
	for name, values := range template.Header {
		req.Header[name] = slices.Clone(values)
	}
	return req
}
