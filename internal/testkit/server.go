package testkit

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
)

// Serve starts an HTTP server on a loopback socket, which is closed when the
// test ends. It returns the server's URL and the number of requests so far.
func Serve(tb testing.TB, handler http.HandlerFunc) (url string, requests *atomic.Int32) {
	tb.Helper()
	requests = new(atomic.Int32)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		handler(w, r)
	}))
	tb.Cleanup(server.Close)
	return server.URL, requests
}

// Respond returns a handler that reads the whole request and sends one JSON response.
func Respond(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// Status returns a handler that sends a response without a body and does not
// read the request.
func Status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

// Sequence returns a handler that passes the nth request to the nth handler,
// and all later requests to the last one.
func Sequence(handlers ...http.HandlerFunc) http.HandlerFunc {
	var n atomic.Int32
	return func(w http.ResponseWriter, r *http.Request) {
		handlers[min(int(n.Add(1)), len(handlers))-1](w, r)
	}
}

// HangUp closes the connection without a response, or in the middle of one.
func HangUp(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

// WriteRaw writes wire in place of an HTTP response and closes the connection.
func WriteRaw(w http.ResponseWriter, wire string) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(err)
	}
	defer func() { _ = conn.Close() }()
	_, _ = io.WriteString(conn, wire)
}
