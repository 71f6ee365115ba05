package conformance

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/internal/testkit"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// faultRow is a fault of the connection that every attempt meets, and what the
// caller gets after how many attempts. A row that wants DeadlineExceeded runs
// with a short timeout.
type faultRow struct {
	name     string
	serve    func(*testkit.Conn)
	attempts int
	want     verdict
}

var faultRows = []faultRow{
	{"closed at once", func(*testkit.Conn) {}, 3, lost()},
	{"closed after one byte of the request", func(c *testkit.Conn) { c.WaitForByte() }, 3, lost()},
	{"closed after the request", func(c *testkit.Conn) { c.ReadRequest() }, 3, lost()},
	{"reset after the request", func(c *testkit.Conn) { c.ReadRequest(); c.Reset() }, 3, lost()},
	// At once could be before the connection is there, when nothing was sent.
	{"reset after one byte of the request", func(c *testkit.Conn) { c.WaitForByte(); c.Reset() }, 3, lost()},
	{"closed in the status line", reply("HTTP/1.1 2"), 3, lost()},
	{"closed after the status line", reply("HTTP/1.1 200 OK\r\n"), 3, lost()},
	{"closed in the header", reply("HTTP/1.1 200 OK\r\nContent-Type: appl"), 3, lost()},
	{"closed before the body", reply(jsonHead("Content-Length: 62")), 3, lost()},
	{"closed in the body", reply(jsonHead("Content-Length: 62") + successBody[:61]), 3, lost()},
	{"reset in the body", func(c *testkit.Conn) {
		c.ReadRequest()
		c.Send(jsonHead("Content-Length: 62") + successBody[:30])
		c.Reset()
	}, 3, lost()},
	{"closed in a chunk", reply(jsonHead("Transfer-Encoding: chunked") + "3e\r\n" + successBody[:50]), 3, lost()},
	{"closed before the last chunk", reply(jsonHead("Transfer-Encoding: chunked") + "3e\r\n" + successBody + "\r\n"), 3, lost()},
	{"chunk size that is no number", reply(jsonHead("Transfer-Encoding: chunked") + "zz\r\n" + successBody + "\r\n0\r\n\r\n"), 3, lost()},
	{"chunk size that overflows", reply(jsonHead("Transfer-Encoding: chunked") + "fffffffffffffffff\r\n" + successBody), 3, lost()},
	{"chunk longer than its size", reply(jsonHead("Transfer-Encoding: chunked") + "10\r\n" + successBody + "\r\n0\r\n\r\n"), 3, lost()},
	{"unknown transfer encoding", reply(jsonHead("Transfer-Encoding: rot13") + successBody), 3, lost()},
	{"not HTTP", reply("SSH-2.0-OpenSSH_9.9\r\n"), 3, lost()},
	{"HTTP/0.9", reply("<html>" + canary[:3] + "</html>"), 3, lost()},
	{"unsolicited HTTP/2", reply("\x00\x00\x00\x04\x00\x00\x00\x00\x00"), 3, lost()},
	{"nothing but zeros", reply(strings.Repeat("\x00", 1<<16)), 3, lost()},
	{"line feeds only", reply(strings.Repeat("\n", 1000)), 3, lost()},
	{"status that is no number", reply("HTTP/1.1 OK OK\r\n\r\n"), 3, lost()},
	{"header without a colon", reply("HTTP/1.1 200 OK\r\nContent-Type\r\n\r\n" + successBody), 3, lost()},
	{"header of 1 MB", reply(jsonHead("X-A: "+strings.Repeat("a", 1<<20)) + successBody), 3, lost()},
	{"header without end", func(c *testkit.Conn) { c.ReadRequest(); c.Send("HTTP/1.1 200 OK\r\n"); c.SendForever("X-A: a\r\n") }, 3, lost()},
	{"header line without end", func(c *testkit.Conn) { c.ReadRequest(); c.Send("HTTP/1.1 200 OK\r\nX-A: "); c.SendForever("a") }, 3, lost()},
	{"100 without end", func(c *testkit.Conn) { c.ReadRequest(); c.SendForever("HTTP/1.1 100 Continue\r\n\r\n") }, 3, lost()},
	{"103 without end", func(c *testkit.Conn) {
		c.ReadRequest()
		c.SendForever("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")
	}, 3, lost()},
	{"body without end", func(c *testkit.Conn) { c.ReadRequest(); c.Send(jsonHead("Connection: close")); c.SendForever(" ") }, 1, tooLarge()},
	{"chunks without end", func(c *testkit.Conn) {
		c.ReadRequest()
		c.Send(jsonHead("Transfer-Encoding: chunked"))
		c.SendForever("1\r\n \r\n")
	}, 1, tooLarge()},
	{"500 with a body without end", func(c *testkit.Conn) { c.ReadRequest(); c.Send("HTTP/1.1 500 No\r\n\r\n"); c.SendForever(" ") }, 3, doubtful(0, "", wrapper.ErrServer, wrapper.ErrResponseTooLarge).at(500)},
	{"502 cut in the body", reply("HTTP/1.1 502 No\r\nContent-Length: 99\r\n\r\n<html>"), 3, doubtful(0, "", wrapper.ErrServer).at(502)},
	{"101, then nothing", func(c *testkit.Conn) { c.ReadRequest(); c.Send(upgrade); c.Stall() }, 1, doubtful(0, "").at(101)},
	{"101, then bytes without end", func(c *testkit.Conn) { c.ReadRequest(); c.Send(upgrade); c.SendForever("x") }, 1, doubtful(0, "").at(101)},
	{"401 before the request is read", func(c *testkit.Conn) {
		c.WaitForByte()
		c.Send("HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n")
		c.Stall()
	}, 1, refused(0, "", wrapper.ErrUnauthorized).at(401)},
	{"stall before the status line", func(c *testkit.Conn) { c.ReadRequest(); c.Stall() }, 3, lost(context.DeadlineExceeded)},
	{"stall in the status line", func(c *testkit.Conn) { c.ReadRequest(); c.Send("HTTP/1.1 20"); c.Stall() }, 3, lost(context.DeadlineExceeded)},
	{"stall in the header", func(c *testkit.Conn) { c.ReadRequest(); c.Send("HTTP/1.1 200 OK\r\nContent-"); c.Stall() }, 3, lost(context.DeadlineExceeded)},
	{"stall in the body", func(c *testkit.Conn) {
		c.ReadRequest()
		c.Send(jsonHead("Content-Length: 62") + successBody[:61])
		c.Stall()
	}, 3, lost(context.DeadlineExceeded)},
	{"stall after a chunk", func(c *testkit.Conn) {
		c.ReadRequest()
		c.Send(jsonHead("Transfer-Encoding: chunked") + "3e\r\n" + successBody + "\r\n")
		c.Stall()
	}, 3, lost(context.DeadlineExceeded)},
	{"slow drip of a header", func(c *testkit.Conn) {
		c.ReadRequest()
		c.Send("HTTP/1.1 200 OK\r\nX-A: ")
		c.DripForever("a", 5*time.Millisecond)
	}, 3, lost(context.DeadlineExceeded)},
	{"slow drip of a body", func(c *testkit.Conn) {
		c.ReadRequest()
		c.Send(jsonHead("Content-Length: 1000000"))
		c.DripForever(" ", 5*time.Millisecond)
	}, 3, lost(context.DeadlineExceeded)},
}

const upgrade = "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: tea\r\n\r\n"

func jsonHead(more string) string {
	return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + more + "\r\n\r\n"
}

// reply reads the request, sends wire and closes the connection.
func reply(wire string) func(*testkit.Conn) {
	return func(c *testkit.Conn) {
		c.ReadRequest()
		c.Send(wire)
	}
}

// listen returns the base URL of a server that passes connections to serve.
func listen(t *testing.T, serve func(*testkit.Conn)) string {
	t.Helper()
	return "http://" + testkit.Listen(t, serve)
}

func TestFaults(t *testing.T) {
	t.Parallel()
	for _, tt := range faultRows {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if !tt.want.isTimeout() {
				checkFault(t, deleteThrough(t, tt.serve), tt.want, tt.attempts)
				return
			}
			for timeout, last := range testkit.Timeouts() {
				var received atomic.Int32
				err := deleteThrough(t, func(c *testkit.Conn) {
					if _, err := c.In.Peek(1); err == nil {
						received.Add(1)
					}
					tt.serve(c)
				}, wrapper.WithTimeout(timeout))
				if int(received.Load()) < tt.attempts && !last {
					continue // the timeout passed before a request was sent
				}
				checkFault(t, err, tt.want, tt.attempts)
				return
			}
		})
	}
}

// deleteThrough deletes through wrapper's own transport, from a server that
// passes connections to serve. It returns the error.
func deleteThrough(t *testing.T, serve func(*testkit.Conn), options ...wrapper.Option) error {
	t.Helper()
	ctx, cancel := context.WithTimeoutCause(t.Context(), testkit.HangLimit, errors.New("it hangs"))
	defer cancel()
	client := newClient(t, listen(t, serve), nil, append([]wrapper.Option{fast}, options...)...)
	_, err := client.DeleteImagesTask(ctx, oneID)
	return err
}

func TestRefusedPort(t *testing.T) {
	t.Parallel()
	client := newClient(t, "http://"+testkit.ClosedPort(t), testkit.Transport(t), fast)
	_, err := client.DeleteImagesTask(t.Context(), oneID)
	checkFault(t, err, notSent(), 3)
}

// A refusal whose body stalls is a refusal.
func TestRefusalThatStalls(t *testing.T) {
	t.Parallel()
	base := listen(t, func(c *testkit.Conn) {
		c.ReadRequest()
		c.Send("HTTP/1.1 400 No\r\nContent-Length: 99\r\n\r\n{")
		c.Stall()
	})
	for timeout, last := range testkit.Timeouts() {
		client := newClient(t, base, testkit.Transport(t), wrapper.WithTimeout(timeout))
		_, err := client.DeleteImagesTask(t.Context(), oneID)
		if errors.As(err, new(*wrapper.TransportError)) && !last {
			continue // the timeout passed before the header was received
		}
		checkFault(t, err, refused(0, "", context.DeadlineExceeded).at(400), 1)
		return
	}
}

// within is the number of attempts in err, if it is in range, and else least.
func within(err error, least, most int) int {
	var e *wrapper.TransportError
	if errors.As(err, &e) && e.Attempts >= least && e.Attempts <= most {
		return e.Attempts
	}
	return least
}

// checkFault checks type, sentinels, status, attempts and text of err.
func checkFault(t *testing.T, err error, want verdict, attempts int) {
	t.Helper()
	if want.kind == nil {
		if err != nil {
			t.Errorf("got %v, want no error", err)
		}
		return
	}
	if err == nil {
		t.Fatal("got no error")
	}
	checkText(t, err)
	checkKind(t, err, want.kind)
	checkSentinels(t, err, want.sentinels)
	var api *wrapper.APIError
	var contract *wrapper.ContractError
	var transport *wrapper.TransportError
	got := ""
	switch {
	case errors.As(err, &api):
		got = fmt.Sprint(api.HTTPStatus, api.Attempts, api.Code, api.Message)
		if wanted := fmt.Sprint(want.status, attempts, want.code, want.msg); got != wanted {
			t.Errorf("status, attempts, code, message = %s, want %s", got, wanted)
		}
	case errors.As(err, &contract):
		checkViolations(t, want, contract.Violations)
		if contract.HTTPStatus != http.StatusOK || contract.Attempts != attempts {
			t.Errorf("status %d, %d attempts, want %d", contract.HTTPStatus, contract.Attempts, attempts)
		}
	case errors.As(err, &transport):
		if transport.Attempts != attempts {
			t.Errorf("%d attempts, want %d", transport.Attempts, attempts)
		}
		if transport.Timeout() != errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Timeout() = %t (%v)", transport.Timeout(), err)
		}
	}
}
