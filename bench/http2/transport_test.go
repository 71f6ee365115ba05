package http2

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

func newRequest(t *testing.T, body io.Reader) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://example.com/", body)
	if err != nil {
		t.Fatal(err)
	}
	return req
}

func TestTransportResponds(t *testing.T) {
	transport := &Transport{Next: func(buf *[MaxBody]byte) []byte { return append(buf[:0], "true"...) }}
	resp, err := (&http.Client{Transport: transport, Timeout: time.Minute}).Do(newRequest(t, strings.NewReader("{}")))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil || string(data) != "true" {
		t.Errorf("body is %q, error %v", data, err)
	}
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "application/json" || resp.ContentLength != 4 {
		t.Errorf("response is %+v", resp)
	}
}

func TestTransportReadsTheRequest(t *testing.T) {
	body := strings.NewReader("some ids")
	transport := &Transport{Next: func(*[MaxBody]byte) []byte { return nil }}
	if _, err := transport.RoundTrip(newRequest(t, body)); err != nil {
		t.Fatal(err)
	}
	if body.Len() != 0 {
		t.Errorf("%d bytes were left unread", body.Len())
	}
	want := errors.New("broken")
	if _, err := transport.RoundTrip(newRequest(t, iotest.ErrReader(want))); !errors.Is(err, want) {
		t.Errorf("got %v, want %v", err, want)
	}
}

func TestTransportAllocatesOnce(t *testing.T) {
	static := []byte("true")
	transport := &Transport{Next: func(*[MaxBody]byte) []byte { return static }}
	body := strings.NewReader("some ids")
	req := newRequest(t, body)
	if n := testing.AllocsPerRun(100, func() {
		body.Reset("some ids")
		if _, err := transport.RoundTrip(req); err != nil {
			t.Fatal(err)
		}
	}); n != 1 {
		t.Errorf("%v allocations, want 1", n)
	}
}

// An http.Client makes a channel for the requests that it has to cancel itself.
func TestClientTrustsTheTransportWithItsTimeout(t *testing.T) {
	transport := &Transport{Next: func(*[MaxBody]byte) []byte { return nil }}
	resp, err := (&http.Client{Transport: transport, Timeout: time.Minute}).Do(newRequest(t, strings.NewReader("{}")))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if _, ok := resp.Request.Context().Deadline(); !ok {
		t.Error("the request has no deadline")
	}
	//lint:ignore SA1019 net/http sets it still
	if resp.Request.Cancel != nil {
		t.Error("the client set Request.Cancel")
	}
}
