package conformance

import (
	"math"
	"strings"
	"sync"

	"github.com/tensorslab/tensorslab-go/internal/testkit"
)

// randomHTTP2Conn is a connection on which a randomServer speaks HTTP/2. It
// counts as received only what HTTP/2 does not guarantee to be unprocessed, and
// keeps that guarantee: it acts on no stream that it refuses, and on none after
// the last one of a GOAWAY.
type randomHTTP2Conn struct {
	*randomServer
	conn    testkit.HTTP2Conn
	streams sync.WaitGroup

	limits         sync.Mutex
	decided, limit uint32 // the last stream that is processed, and that may be
}

var (
	resetCodes  = []testkit.HTTP2Code{testkit.Cancel, testkit.ProtocolError, testkit.InternalError, testkit.NoError, testkit.EnhanceYourCalm}
	goAwayCodes = []testkit.HTTP2Code{testkit.NoError, testkit.NoError, testkit.ProtocolError, testkit.InternalError, testkit.EnhanceYourCalm}
)

// serveHTTP2 serves one connection until it breaks.
func (s *randomServer) serveHTTP2(conn *testkit.Conn) {
	c := &randomHTTP2Conn{randomServer: s, conn: testkit.HTTP2Conn{Conn: conn.Conn}, limit: math.MaxInt32}
	defer c.streams.Wait()
	defer func() { _ = c.conn.Close() }()
	if s.in(40) || c.conn.Begin(uint32(s.below(2)*(1+s.below(3)))) != nil {
		s.randomMoment()
		return
	}
	for bodies := map[uint32]*strings.Builder{}; !s.in(100); {
		frame, err := c.conn.Next()
		if err != nil {
			return
		}
		if frame.Begins {
			bodies[frame.Stream] = new(strings.Builder)
		}
		body, ok := bodies[frame.Stream]
		if !ok {
			continue // the response was early
		}
		body.Write(frame.Data)
		switch {
		case frame.Ends:
			c.streams.Go(func() { c.request(frame.Stream, body.String()) })
		case s.in(20):
			c.respondEarly(frame.Stream)
		default:
			continue
		}
		delete(bodies, frame.Stream)
	}
}

// respondEarly ends a stream whose request has not arrived whole.
func (c *randomHTTP2Conn) respondEarly(stream uint32) {
	switch c.below(4) {
	case 0:
		c.conn.SendReset(stream, testkit.RefusedStream)
	case 1:
		c.conn.SendReset(stream, resetCodes[c.below(len(resetCodes))])
	case 2:
		c.respond(stream, 413, refusalBody)
	case 3:
		c.respond(stream, 429, refusalBody)
		c.conn.SendReset(stream, testkit.NoError)
	}
}

// request ends a stream whose request has arrived whole.
func (c *randomHTTP2Conn) request(stream uint32, body string) {
	if c.in(3) {
		c.randomMoment()
	}
	switch n := c.below(100); {
	case n < 7:
		c.conn.SendReset(stream, testkit.RefusedStream)
		return
	case n < 14:
		c.goAway()
	}
	if !c.decide(stream) {
		return
	}
	id := idInBody(body)
	c.count(c.received, id)
	switch n := c.below(100); {
	case n < 50:
		c.count(c.acted, id)
		c.succeed(stream, id)
	case n < 62:
		statuses := []int{400, 401, 403, 404, 413, 422, 429}
		c.respond(stream, statuses[c.below(len(statuses))], refusalBody)
	default:
		if c.in(2) {
			c.count(c.acted, id)
		}
		c.fail(stream, id)
	}
}

// decide reports whether a stream may be processed, after which it may not be
// announced as unprocessed.
func (c *randomHTTP2Conn) decide(stream uint32) bool {
	c.limits.Lock()
	defer c.limits.Unlock()
	if stream > c.limit {
		return false
	}
	c.decided = max(c.decided, stream)
	return true
}

// goAway announces any last stream from that already processed on.
func (c *randomHTTP2Conn) goAway() {
	c.limits.Lock()
	defer c.limits.Unlock()
	c.limit = min(c.limit, c.decided+uint32(c.below(4)))
	c.conn.SendGoAway(c.limit, goAwayCodes[c.below(len(goAwayCodes))])
}

func (c *randomHTTP2Conn) respond(stream uint32, status int, body string) {
	c.conn.SendHead(stream, status, len(body))
	c.conn.SendData(stream, body, true)
}

// succeed sends a whole response, and sometimes more than that.
func (c *randomHTTP2Conn) succeed(stream uint32, id string) {
	body := successOf(id)
	c.conn.SendHead(stream, 200, []int{-1, len(body)}[c.below(2)])
	if c.in(3) {
		cut := c.below(len(body))
		c.conn.SendData(stream, body[:cut], false)
		c.randomMoment()
		body = body[cut:]
	}
	if c.in(4) {
		c.conn.SendData(stream, body, false)
		c.conn.SendTrailer(stream)
	} else {
		c.conn.SendData(stream, body, true)
	}
	if c.in(3) {
		c.sendMore(stream, strings.HasPrefix(id, "generation"))
	}
}

// sendMore sends frames after a response has ended. The connection of a
// generation has one stream only, so that another would be a response too many.
func (c *randomHTTP2Conn) sendMore(stream uint32, alone bool) {
	const ping, windowUpdate, unknown = 6, 8, 0xfa
	switch n := c.below(7); {
	case n == 0:
		c.conn.SendData(stream, successOf("generation of another"), true)
	case n == 1 && alone:
		c.respond(stream+2, 200, successOf("generation of another"))
	case n == 2:
		c.conn.SendReset(stream, testkit.NoError)
	case n == 3:
		c.conn.SendFrame(ping, 0, 0, make([]byte, 8))
	case n == 4:
		c.conn.SendFrame(unknown, 0xff, stream, []byte("any"))
	case n == 5:
		c.conn.SendFrame(windowUpdate, 0, 0, make([]byte, 4)) // by 0, which is an error
	default:
		c.goAway()
	}
}

// fail ends a stream, or the connection, in a way that says nothing of whether
// the server acted.
func (c *randomHTTP2Conn) fail(stream uint32, id string) {
	body := successOf(id)
	n := c.below(100)
	if n < 60 && c.in(2) { // it fails after a part of the response
		c.conn.SendHead(stream, 200, len(body))
		c.conn.SendData(stream, body[:c.below(len(body))], false)
		c.randomMoment()
	}
	switch {
	case n < 40:
		c.conn.SendReset(stream, resetCodes[c.below(len(resetCodes))])
	case n < 50:
		_ = c.conn.Close()
	case n < 60:
		c.goAway()
		_ = c.conn.Close()
	case n < 75:
		c.respond(stream, []int{500, 502, 504}[c.below(3)], refusalBody)
	case n < 90: // short of its length, or over it
		c.conn.SendHead(stream, 200, len(body)+[]int{1, 1000, -1}[c.below(3)])
		c.conn.SendData(stream, body, true)
	case n < 99:
		_, _ = c.conn.Write([]byte("SSH-2.0-OpenSSH_9.9\r\n"))
	default: // never responds
	}
}

// successOf is the body of a success for a request that names id.
func successOf(id string) string {
	switch {
	case strings.HasPrefix(id, "deletion"):
		return successBody
	case strings.HasPrefix(id, "query"):
		return infoBody(id)
	}
	return taskBody(id)
}

// idInBody is idOf for a request of which only the body is known.
func idInBody(body string) string {
	for _, before := range []string{"name=\"prompt\"\r\n\r\n", `["`, `:"`} {
		if _, id, ok := strings.Cut(body, before); ok {
			id, _, _ = strings.Cut(id, "\r\n")
			id, _, _ = strings.Cut(id, `"`)
			return id
		}
	}
	return ""
}
