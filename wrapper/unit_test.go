package wrapper

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/generated"
)

// What the tests beside each file share.

const (
	testKey     = "sk-test-0123456789abcdef"
	successBody = `{"code":1000,"msg":"Successfully","data":{"status":"Success"}}`
)

// quick keeps the default number of attempts and hardly waits between them.
var quick = WithRetry(RetryPolicy{Backoff: time.Microsecond, MaxRetryAfter: time.Second})

var oneTask = generated.DeleteImagesTaskRequest{TaskIDs: []string{"abcd_1234567890abcdef"}}

// serve starts a server on a loopback socket and counts the requests it gets.
func serve(t *testing.T, handler http.HandlerFunc) (url string, requests *atomic.Int32) {
	t.Helper()
	requests = new(atomic.Int32)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		handler(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL, requests
}

// answers returns a handler that reads the request and gives one JSON answer.
func answers(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func newTestClient(t *testing.T, baseURL string, opts ...Option) *Client {
	t.Helper()
	transport := http.DefaultTransport.(*http.Transport).Clone()
	t.Cleanup(transport.CloseIdleConnections)
	defaults := []Option{WithBaseURL(baseURL), WithHTTPClient(&http.Client{Transport: transport}), quick}
	c, err := NewClient(testKey, append(defaults, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// sequence passes each request to the next handler, and all later ones to the last.
func sequence(handlers ...http.HandlerFunc) http.HandlerFunc {
	var n atomic.Int32
	return func(w http.ResponseWriter, r *http.Request) {
		handlers[min(int(n.Add(1)), len(handlers))-1](w, r)
	}
}

func hangUp(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
