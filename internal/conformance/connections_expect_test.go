package conformance

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/testkit"
)

// What expects a response of the server before it sends its body, and what not.
func TestExpectIsSentWithLargeUploads(t *testing.T) {
	t.Parallel()
	expects := make(chan string, 1)
	url, _ := testkit.Serve(t, func(w http.ResponseWriter, r *http.Request) {
		expects <- r.Header.Get("Expect")
		_, _ = io.Copy(io.Discard, r.Body)
		testkit.Respond(200, testkit.TaskCreatedBody)(w, r)
	})
	c := newRetryingClient(t, url)
	for size, want := range map[int64]string{1 << 10: "", 1<<20 - 4096: "", 1<<20 + 1: "100-continue", 3 << 20: "100-continue"} {
		source := newSource(t, testkit.Image(size))
		if err := generate(t.Context(), c, source.File()); err != nil {
			t.Error(size, err)
		}
		if got := <-expects; got != want {
			t.Errorf("%d bytes: Expect: %q, want %q", size, got, want)
		}
	}
	stream := io.MultiReader(strings.NewReader("--b\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\np\r\n--b--\r\n"))
	if _, err := c.Generated().ZImageWithBodyWithResponse(t.Context(), "multipart/form-data; boundary=b", stream); err != nil {
		t.Error(err)
	}
	if got := <-expects; got != "100-continue" {
		t.Errorf("a body of unknown length: Expect: %q", got)
	}
}

// A server that ignores the expectation gets the body after a second.
func TestExpectThatIsIgnored(t *testing.T) {
	t.Parallel()
	const size = 2 << 20
	var got int64
	base := listen(t, func(c *testkit.Conn) {
		r, body, ok := c.ReadRequest()
		if ok && r.Header.Get("Expect") == "100-continue" {
			got = int64(len(body))
			c.Send(jsonHead(fmt.Sprintf("Content-Length: %d", len(testkit.TaskCreatedBody))) + testkit.TaskCreatedBody)
		}
	})
	source := newSource(t, testkit.Image(size))
	if err := generate(t.Context(), newRetryingClient(t, base), source.File()); err != nil {
		t.Fatal(err)
	}
	if got < size {
		t.Errorf("%d bytes arrived", got)
	}
}

// expectServer responds with one status after another, and records what each
// request expects.
type expectServer struct {
	t        *testing.T
	statuses []int
	read     int64 // of the first body, before the response
	size     int64 // of which later bodies are at least

	mu      sync.Mutex
	expects []string
}

func (s *expectServer) serve(c *testkit.Conn) {
	r, err := http.ReadRequest(c.In)
	if err != nil {
		return
	}
	s.mu.Lock()
	n := len(s.expects)
	s.expects = append(s.expects, r.Header.Get("Expect"))
	s.mu.Unlock()
	switch {
	case n == 0 && s.read > 0:
		c.Send("HTTP/1.1 100 Continue\r\n\r\n")
		_, _ = io.CopyN(io.Discard, r.Body, s.read)
	case n > 0:
		if got, err := io.Copy(io.Discard, r.Body); err != nil || got < s.size {
			s.t.Errorf("%d bytes, %v", got, err)
		}
	}
	status, body := s.statuses[min(n, len(s.statuses)-1)], refusalBody
	if status == 200 {
		body = testkit.TaskCreatedBody
	}
	c.Send(fmt.Sprintf("HTTP/1.1 %d S\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", status, len(body), body))
}

// 417 refuses the expectation. The request is sent again without it, whole, if
// none of its body was sent; otherwise 417 is a refusal as any other.
func TestExpectationFailed(t *testing.T) {
	t.Parallel()
	const size = 2 << 20
	tests := map[string]struct {
		statuses []int // of the responses
		read     int64 // of the body before the first response
		want     string
		requests int
	}{
		"once":                   {[]int{417, 200}, 0, "", 2},
		"always":                 {[]int{417, 417}, 0, "Failure", 2},
		"then a refusal":         {[]int{417, 413}, 0, "Failure", 2},
		"after some of the body": {[]int{417, 200}, 64 << 10, "Failure", 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := &expectServer{t: t, statuses: tt.statuses, read: tt.read, size: size}
			source := newSource(t, testkit.Image(size))
			err := generate(context.WithoutCancel(t.Context()), newRetryingClient(t, listen(t, server.serve)), source.File())
			server.mu.Lock()
			defer server.mu.Unlock()
			expects := server.expects
			if matching(err) != tt.want || (err == nil) != (tt.want == "") || len(expects) != tt.requests {
				t.Errorf("%v (%s) after requests with Expect %q", err, matching(err), expects)
			}
			if len(expects) > 1 && expects[1] != "" {
				t.Errorf("the expectation was sent again: %q", expects)
			}
		})
	}
}
