package conformance

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/tensorslab/tensorslab-go/internal/testkit"
	"github.com/tensorslab/tensorslab-go/internal/testkit/frozen"
)

// randomServer does what servers, gateways and networks do to a connection. It
// knows which requests it received whole, and which it carried out.
type randomServer struct {
	*dice

	mu              sync.Mutex
	received, acted map[string]int
}

func (s *randomServer) count(counts map[string]int, id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	counts[id]++
}

// serve serves one connection until it breaks, or closes it when the client may
// be about to use it again.
func (s *randomServer) serve(c *testkit.Conn) {
	for {
		if s.in(25) {
			s.randomMoment()
			return
		}
		r, err := http.ReadRequest(c.In)
		if err != nil {
			return
		}
		body, ok := s.readBody(c, r)
		if !ok {
			return
		}
		id := idOf(r, body)
		s.count(s.received, id)
		if !s.respond(c, r, id) {
			return
		}
		if s.in(4) {
			s.randomMoment()
			return
		}
	}
}

// readBody reads the body, unless it refuses or breaks off before its end.
func (s *randomServer) readBody(c *testkit.Conn, r *http.Request) (body string, ok bool) {
	switch s.below(20) {
	case 0: // refuses early, and closes
		c.Send(s.refusal(413))
		return "", false
	case 1: // in the middle of the body
		c.Send("HTTP/1.1 100 Continue\r\n\r\n")
		_, _ = io.CopyN(io.Discard, r.Body, int64(s.below(200_000)))
		c.Send(s.refusal(429))
		return "", false
	case 2: // breaks off
		_, _ = io.CopyN(io.Discard, r.Body, int64(s.below(1000)))
		c.Reset()
		return "", false
	case 3: // never consents
	default:
		if r.Header.Get("Expect") != "" {
			c.Send("HTTP/1.1 100 Continue\r\n\r\n")
		}
	}
	data, err := io.ReadAll(r.Body)
	return string(data), err == nil
}

func (s *randomServer) refusal(status int) string {
	return fmt.Sprintf("HTTP/1.1 %d Refused\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", status, len(refusalBody), refusalBody)
}

func (s *randomServer) success(r *http.Request, id string) string {
	switch {
	case strings.HasSuffix(r.URL.Path, frozen.Path("deleteImagesTask")):
		return rawJSON(successBody)
	case strings.HasSuffix(r.URL.Path, frozen.Path("infoByTaskId")):
		return rawJSON(infoBody(id))
	}
	return rawJSON(taskBody(id))
}

// respond responds to a request that was received whole. It reports whether the
// connection stays open.
func (s *randomServer) respond(c *testkit.Conn, r *http.Request, id string) bool {
	isGeneration := !strings.HasSuffix(r.URL.Path, frozen.Path("deleteImagesTask")) && !strings.HasSuffix(r.URL.Path, frozen.Path("infoByTaskId"))
	n := s.below(100)
	switch {
	case n < 55:
		s.count(s.acted, id)
		wire := s.success(r, id)
		if isGeneration && s.in(2) { // a response too many
			wire += s.success(r, "generation of another")
		}
		return c.Send(wire)
	case n < 70:
		statuses := []int{400, 401, 403, 404, 413, 422, 429}
		return c.Send(s.refusal(statuses[s.below(len(statuses))]))
	}
	if s.in(2) {
		s.count(s.acted, id)
	}
	switch {
	case n < 75:
		return c.Send(s.refusal([]int{500, 502, 504}[s.below(3)]))
	case n < 80:
		c.Reset()
	case n < 85:
		wire := s.success(r, id)
		c.Send(wire[:s.below(len(wire))])
	case n < 90:
		c.Send("SSH-2.0-OpenSSH_9.9\r\n")
	case n < 91:
		c.Stall()
	}
	return false
}
