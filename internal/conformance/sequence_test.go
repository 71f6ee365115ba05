package conformance

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/internal/testkit"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// steps are what the service does with one attempt, by name.
var steps = map[string]func(*testkit.Conn){
	"ok":      reply(rawSuccess),
	"lost":    reply(""),
	"cut":     reply(jsonHead("Content-Length: 62") + `{"code":10`),
	"stall":   func(c *testkit.Conn) { c.ReadRequest(); c.Stall() },
	"bad":     reply(jsonHead("Content-Length: 2") + "{}"),
	"html":    reply("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nhi"),
	"Failed":  reply(jsonHead("Content-Length: 51") + `{"code":1000,"msg":"no","data":{"status":"Failed"}}`),
	"9000":    reply(jsonHead("Content-Length: 24") + `{"code":9000,"msg":"no"}`),
	"refused": nil, // no connection
}

func init() {
	for _, status := range []int{302, 400, 401, 404, 408, 429, 500, 501, 502, 503, 504, 505} {
		steps[fmt.Sprint(status)] = reply(fmt.Sprintf("HTTP/1.1 %d No\r\nContent-Length: 0\r\n\r\n", status))
	}
}

// What the attempts before the last one leave in doubt stays in doubt, whatever
// the last response says; a success settles it.
func TestSequences(t *testing.T) {
	t.Parallel()
	ok, unknown := success("Successfully", "Success"), wrapper.ErrOutcomeUnknown
	tests := []struct {
		steps    string // the last one is repeated
		attempts int
		want     verdict
	}{
		{"503 ok", 2, ok},
		{"429 500 ok", 3, ok},
		{"lost cut ok", 3, ok},
		{"stall ok", 2, ok},
		{"refused ok", 2, ok},
		{"502 504 ok", 3, ok},
		{"refused", 3, notSent()},
		{"503 refused", 3, refused(0, "", wrapper.ErrServer).at(503)},
		{"refused 503", 3, refused(0, "", wrapper.ErrServer).at(503)},
		{"429", 3, refused(0, "", wrapper.ErrRateLimited).at(429)},
		{"lost refused", 3, lost()},
		{"500 refused", 3, doubtful(0, "", wrapper.ErrServer).at(500)},
		{"cut refused", 3, lost()},
		{"lost 400", 2, refused(0, "", unknown).at(400)},
		{"cut 401", 2, refused(0, "", wrapper.ErrUnauthorized, unknown).at(401)},
		{"500 404", 2, refused(0, "", unknown).at(404)},
		{"stall 400", 2, refused(0, "", unknown).at(400)},
		{"lost 503", 3, refused(0, "", wrapper.ErrServer, unknown).at(503)},
		{"502 429", 3, refused(0, "", wrapper.ErrRateLimited, unknown).at(429)},
		{"503 400", 2, refused(0, "").at(400)},
		{"429 302", 2, refused(0, "", wrapper.ErrRedirected).at(302)},
		{"500 302", 2, refused(0, "", wrapper.ErrRedirected, unknown).at(302)},
		{"lost Failed", 2, deleteFailedAt200(unknown)},
		{"503 Failed", 2, deleteFailedAt200()},
		{"504 9000", 2, refused(9000, "no", wrapper.ErrInsufficientCredits, unknown).at(200)},
		{"503 9000", 2, refused(9000, "no", wrapper.ErrInsufficientCredits).at(200)},
		{"lost bad", 2, violates("/code required", "/data required", "/msg required")},
		{"503 html", 2, violates(" mediaType", " json")},
		{"501", 1, doubtful(0, "", wrapper.ErrServer).at(501)},
		{"505", 1, doubtful(0, "", wrapper.ErrServer).at(505)},
		{"408", 1, refused(0, "").at(408)},
		{"bad", 1, violates("/code required", "/data required", "/msg required")},
	}
	for _, tt := range tests {
		t.Run(tt.steps, func(t *testing.T) {
			t.Parallel()
			playSequence(t, tt.steps, tt.want, tt.attempts)
		})
	}
}

func playSequence(t *testing.T, steps string, want verdict, attempts int) {
	t.Helper()
	if !strings.Contains(steps, "stall") {
		s := newSequence(t, steps)
		got, err := newClient(t, "http://127.0.0.1:1", s.transport, fast).DeleteImagesTask(t.Context(), oneID)
		s.check(t, want, attempts, got, err)
		return
	}
	for timeout, last := range testkit.Timeouts() {
		s := newSequence(t, steps)
		client := newClient(t, "http://127.0.0.1:1", s.transport, fast, wrapper.WithTimeout(timeout))
		got, err := client.DeleteImagesTask(t.Context(), oneID)
		if s.timedOutEarly(attempts, err) && !last {
			continue
		}
		s.check(t, want, attempts, got, err)
		return
	}
}

func deleteFailedAt200(more ...error) verdict {
	v := deleteFailed("no", "Failed").at(200)
	v.sentinels = append(v.sentinels, more...)
	return v
}

// sequence plays one step for each connection. Each has one request.
type sequence struct {
	transport *http.Transport
	dialled   atomic.Int32
	received  atomic.Int32 // requests that arrived, at least in part
}

func newSequence(t *testing.T, names string) *sequence {
	t.Helper()
	s := &sequence{transport: testkit.Transport(t)}
	s.transport.DisableKeepAlives = true
	list := strings.Fields(names)
	s.transport.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
		i := int(s.dialled.Add(1)) - 1
		address := testkit.ClosedPort(t)
		if step := steps[list[min(i, len(list)-1)]]; step != nil {
			address = testkit.Listen(t, func(c *testkit.Conn) {
				if _, err := c.In.Peek(1); err == nil {
					s.received.Add(1)
				}
				step(c)
			})
		}
		return new(net.Dialer).DialContext(ctx, network, address)
	}
	return s
}

// timedOutEarly reports whether the timeout passed before a request was sent, or
// in a step that does not stall.
func (s *sequence) timedOutEarly(attempts int, err error) bool {
	return int(s.dialled.Load()) != attempts || int(s.received.Load()) != attempts || errors.As(err, new(*wrapper.TransportError))
}

func (s *sequence) check(t *testing.T, want verdict, attempts int, got *generated.DeleteImagesTaskResponse, err error) {
	t.Helper()
	checkFault(t, err, want, attempts)
	if n := int(s.dialled.Load()); n != attempts {
		t.Errorf("%d attempts reached the network, want %d", n, attempts)
	}
	if want.kind == nil && (got == nil || *got != want.response) {
		t.Errorf("got %+v", got)
	}
}
