package wrapper_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

// Faults of the connection, each met at every one of three attempts, and the
// verdict owed. Those of TLS are in hostile_tls_test.go, those of the caller's
// context in hostile_context_test.go, those that change from attempt to attempt
// in hostile_sequence_test.go.
var wireFaults = []struct {
	name     string
	serve    func(*peer)
	attempts int // owed
	want     verdict
}{
	{"closed at once", func(*peer) {}, 3, lost()},
	{"closed after one byte of the request", func(p *peer) { _, _ = p.in.Peek(1) }, 3, lost()},
	{"closed after the request", func(p *peer) { p.request() }, 3, lost()},
	{"reset after the request", func(p *peer) { p.request(); p.reset() }, 3, lost()},
	// At once could be before the connection is there, when nothing was sent.
	{"reset after one byte of the request", func(p *peer) { _, _ = p.in.Peek(1); p.reset() }, 3, lost()},
	{"closed in the status line", answered("HTTP/1.1 2"), 3, lost()},
	{"closed after the status line", answered("HTTP/1.1 200 OK\r\n"), 3, lost()},
	{"closed in the header", answered("HTTP/1.1 200 OK\r\nContent-Type: appl"), 3, lost()},
	{"closed before the body", answered(jsonHead("Content-Length: 62")), 3, lost()},
	{"closed in the body", answered(jsonHead("Content-Length: 62") + successBody[:61]), 3, lost()},
	{"reset in the body", func(p *peer) { p.request(); p.send(jsonHead("Content-Length: 62") + successBody[:30]); p.reset() }, 3, lost()},
	{"closed in a chunk", answered(jsonHead("Transfer-Encoding: chunked") + "3e\r\n" + successBody[:50]), 3, lost()},
	{"closed before the last chunk", answered(jsonHead("Transfer-Encoding: chunked") + "3e\r\n" + successBody + "\r\n"), 3, lost()},
	{"chunk size that is no number", answered(jsonHead("Transfer-Encoding: chunked") + "zz\r\n" + successBody + "\r\n0\r\n\r\n"), 3, lost()},
	{"chunk size that overflows", answered(jsonHead("Transfer-Encoding: chunked") + "fffffffffffffffff\r\n" + successBody), 3, lost()},
	{"chunk longer than its size", answered(jsonHead("Transfer-Encoding: chunked") + "10\r\n" + successBody + "\r\n0\r\n\r\n"), 3, lost()},
	{"unknown transfer encoding", answered(jsonHead("Transfer-Encoding: rot13") + successBody), 3, lost()},
	{"not HTTP", answered("SSH-2.0-OpenSSH_9.9\r\n"), 3, lost()},
	{"HTTP/0.9", answered("<html>" + canary[:3] + "</html>"), 3, lost()},
	{"HTTP/2 without being asked", answered("\x00\x00\x00\x04\x00\x00\x00\x00\x00"), 3, lost()},
	{"nothing but zeros", answered(strings.Repeat("\x00", 1<<16)), 3, lost()},
	{"line feeds only", answered(strings.Repeat("\n", 1000)), 3, lost()},
	{"status that is no number", answered("HTTP/1.1 OK OK\r\n\r\n"), 3, lost()},
	{"header without a colon", answered("HTTP/1.1 200 OK\r\nContent-Type\r\n\r\n" + successBody), 3, lost()},
	{"header of 1 MB", answered(jsonHead("X-A: "+strings.Repeat("a", 1<<20)) + successBody), 3, lost()},
	{"header without end", func(p *peer) { p.request(); p.send("HTTP/1.1 200 OK\r\n"); forever(p, "X-A: a\r\n") }, 3, lost()},
	{"header line without end", func(p *peer) { p.request(); p.send("HTTP/1.1 200 OK\r\nX-A: "); forever(p, "a") }, 3, lost()},
	{"100 without end", func(p *peer) { p.request(); forever(p, "HTTP/1.1 100 Continue\r\n\r\n") }, 3, lost()},
	{"103 without end", func(p *peer) { p.request(); forever(p, "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n") }, 3, lost()},
	{"body without end", func(p *peer) { p.request(); p.send(jsonHead("Connection: close")); forever(p, " ") }, 1, tooLarge()},
	{"chunks without end", func(p *peer) { p.request(); p.send(jsonHead("Transfer-Encoding: chunked")); forever(p, "1\r\n \r\n") }, 1, tooLarge()},
	{"500 with a body without end", func(p *peer) { p.request(); p.send("HTTP/1.1 500 No\r\n\r\n"); forever(p, " ") }, 3, doubtful(0, "", wrapper.ErrServer, wrapper.ErrResponseTooLarge).at(500)},
	{"502 cut in the body", answered("HTTP/1.1 502 No\r\nContent-Length: 99\r\n\r\n<html>"), 3, doubtful(0, "", wrapper.ErrServer).at(502)},
	{"101, then nothing", func(p *peer) { p.request(); p.send(upgrade); p.stall() }, 1, doubtful(0, "").at(101)},
	{"101, then bytes without end", func(p *peer) { p.request(); p.send(upgrade); forever(p, "x") }, 1, doubtful(0, "").at(101)},
	{"401 before the request is read", func(p *peer) {
		_, _ = p.in.Peek(1)
		p.send("HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n")
		p.stall()
	}, 1, refused(0, "", wrapper.ErrUnauthorized).at(401)},
	{"stall before the status line", func(p *peer) { p.request(); p.stall() }, 3, lost(context.DeadlineExceeded)},
	{"stall in the status line", func(p *peer) { p.request(); p.send("HTTP/1.1 20"); p.stall() }, 3, lost(context.DeadlineExceeded)},
	{"stall in the header", func(p *peer) { p.request(); p.send("HTTP/1.1 200 OK\r\nContent-"); p.stall() }, 3, lost(context.DeadlineExceeded)},
	{"stall in the body", func(p *peer) {
		p.request()
		p.send(jsonHead("Content-Length: 62") + successBody[:61])
		p.stall()
	}, 3, lost(context.DeadlineExceeded)},
	{"stall after a chunk", func(p *peer) {
		p.request()
		p.send(jsonHead("Transfer-Encoding: chunked") + "3e\r\n" + successBody + "\r\n")
		p.stall()
	}, 3, lost(context.DeadlineExceeded)},
	{"slow drip of a header", func(p *peer) {
		p.request()
		drip(p, "HTTP/1.1 200 OK\r\nX-A: "+strings.Repeat("a", 1000), 5*time.Millisecond)
	}, 3, lost(context.DeadlineExceeded)},
	{"slow drip of a body", func(p *peer) {
		p.request()
		p.send(jsonHead("Content-Length: 1062"))
		drip(p, strings.Repeat(" ", 1000)+successBody, 5*time.Millisecond)
	}, 3, lost(context.DeadlineExceeded)},
}

const upgrade = "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: tea\r\n\r\n"

func jsonHead(more string) string {
	return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + more + "\r\n\r\n"
}

// answered reads the request, sends wire and closes.
func answered(wire string) func(*peer) {
	return func(p *peer) {
		p.request()
		p.send(wire)
	}
}

// fast makes three attempts without waiting.
var fast = wrapper.WithRetry(wrapper.RetryPolicy{MaxAttempts: 3, MinWait: time.Nanosecond, MaxWait: time.Minute})

// hangGuard is long enough for any machine: what takes longer would never end.
const hangGuard = 30 * time.Second

func TestHostileWire(t *testing.T) {
	t.Parallel()
	for _, tt := range wireFaults {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			options := []wrapper.Option{fast, wrapper.WithBaseURL("http://" + listen(t, tt.serve))}
			if errors.Is(errors.Join(tt.want.sentinels...), context.DeadlineExceeded) {
				options = append(options, wrapper.WithTimeout(50*time.Millisecond))
			}
			client, err := wrapper.NewClient(hostileKey, options...) // with our own transport
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeoutCause(t.Context(), hangGuard, errors.New("it hangs"))
			defer cancel()
			_, err = client.DeleteImagesTask(ctx, oneID)
			checkFault(t, err, tt.want, tt.attempts)
		})
	}
}

func TestHostileWireRefusedPort(t *testing.T) {
	t.Parallel()
	client := newHostileClient(t, "http://"+closedPort(t), ownTransport(t), fast)
	_, err := client.DeleteImagesTask(t.Context(), oneID)
	checkFault(t, err, notSent(), 3)
}

// A refusal whose body stalls is a refusal. The time allowed grows until the
// header comes in it, which says nothing about the client.
func TestHostileWireRefusalStalls(t *testing.T) {
	t.Parallel()
	base := "http://" + listen(t, func(p *peer) {
		p.request()
		p.send("HTTP/1.1 400 No\r\nContent-Length: 99\r\n\r\n{")
		p.stall()
	})
	for timeout := 50 * time.Millisecond; ; timeout *= 4 {
		client := newHostileClient(t, base, ownTransport(t), wrapper.WithTimeout(timeout))
		_, err := client.DeleteImagesTask(t.Context(), oneID)
		if errors.As(err, new(*wrapper.TransportError)) && timeout < hangGuard {
			continue
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

// checkFault holds type, sentinels, status, attempts and text of err.
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
		if owed := fmt.Sprint(want.status, attempts, want.code, want.msg); got != owed {
			t.Errorf("status, attempts, code, message = %s, want %s", got, owed)
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
