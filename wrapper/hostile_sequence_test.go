package wrapper_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

// steps of a sequence, by name: what the service does with one attempt.
var steps = map[string]func(*peer){
	"ok":      answered(rawSuccess),
	"lost":    answered(""),
	"cut":     answered(jsonHead("Content-Length: 62") + `{"code":10`),
	"stall":   func(p *peer) { p.request(); p.stall() },
	"bad":     answered(jsonHead("Content-Length: 2") + "{}"),
	"html":    answered("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nhi"),
	"Failed":  answered(jsonHead("Content-Length: 51") + `{"code":1000,"msg":"no","data":{"status":"Failed"}}`),
	"9000":    answered(jsonHead("Content-Length: 24") + `{"code":9000,"msg":"no"}`),
	"refused": nil, // no connection
}

func init() {
	for _, status := range []int{302, 400, 401, 404, 408, 429, 500, 501, 502, 503, 504, 505} {
		steps[fmt.Sprint(status)] = answered(fmt.Sprintf("HTTP/1.1 %d No\r\nContent-Length: 0\r\n\r\n", status))
	}
}

// What the attempts before the last one leave in doubt stays in doubt, whatever
// the last one says; a success settles it.
func TestHostileSequences(t *testing.T) {
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
		{"503 refused", 3, notSent()},
		{"refused 503", 3, refused(0, "", wrapper.ErrServer).at(503)},
		{"429", 3, refused(0, "", wrapper.ErrRateLimited).at(429)},
		{"lost refused", 3, lost()},
		{"500 refused", 3, lost()},
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
		{"lost bad", 2, breaks("/code required", "/data required", "/msg required")},
		{"503 html", 2, breaks(" mediaType", " json")},
		{"501", 1, doubtful(0, "", wrapper.ErrServer).at(501)},
		{"505", 1, doubtful(0, "", wrapper.ErrServer).at(505)},
		{"408", 1, refused(0, "").at(408)},
		{"bad", 1, breaks("/code required", "/data required", "/msg required")},
	}
	for _, tt := range tests {
		t.Run(tt.steps, func(t *testing.T) {
			t.Parallel()
			s := newSequence(t, tt.steps)
			options := []wrapper.Option{fast}
			if strings.Contains(tt.steps, "stall") {
				options = append(options, wrapper.WithTimeout(2*time.Second))
			}
			client := newHostileClient(t, "http://127.0.0.1:1", s.transport, options...)
			got, err := client.DeleteImagesTask(t.Context(), oneID)
			checkFault(t, err, tt.want, tt.attempts)
			if n := int(s.attempt.Load()); n != tt.attempts {
				t.Errorf("%d attempts reached the network, want %d", n, tt.attempts)
			}
			if tt.want.kind == nil && (got == nil || *got != tt.want.response) {
				t.Errorf("got %+v", got)
			}
		})
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
	attempt   atomic.Int32
}

func newSequence(t *testing.T, names string) *sequence {
	t.Helper()
	s := &sequence{transport: ownTransport(t)}
	s.transport.DisableKeepAlives = true
	list := strings.Fields(names)
	s.transport.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
		i := int(s.attempt.Add(1)) - 1
		address := closedPort(t)
		if step := steps[list[min(i, len(list)-1)]]; step != nil {
			address = listen(t, step)
		}
		return new(net.Dialer).DialContext(ctx, network, address)
	}
	return s
}

// Each attempt sends the whole body anew.
func TestHostileEachAttemptSendsTheWholeBody(t *testing.T) {
	t.Parallel()
	bodies := make(chan string, 3)
	base := wireBase(func(p *peer) {
		if r, body, ok := p.request(); ok && r.Header.Get("Authorization") == hostileKey {
			bodies <- string(body)
		}
		p.send("HTTP/1.1 503 No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
	})(t)
	_, err := newHostileClient(t, base, ownTransport(t), fast).DeleteImagesTask(t.Context(), oneID)
	checkFault(t, err, refused(0, "", wrapper.ErrServer).at(503), 3)
	close(bodies)
	n := 0
	for body := range bodies {
		if n++; body != oneIDJSON {
			t.Errorf("attempt %d sent %q", n, body)
		}
	}
	if n != 3 {
		t.Errorf("%d whole requests arrived, want 3", n)
	}
}

// What a server says unasked on an idle connection ends the connection, and is
// not the answer to the next request.
func TestHostileUnaskedAnswer(t *testing.T) {
	t.Parallel()
	dropped := make(chan bool, 2)
	base := wireBase(func(p *peer) {
		if _, _, ok := p.request(); ok {
			p.send("HTTP/1.1 400 No\r\nContent-Length: 0\r\n\r\n" + rawSuccess)
			_, _, again := p.request()
			dropped <- !again
		}
	})(t)
	client := newHostileClient(t, base, ownTransport(t))
	for range 2 {
		_, err := client.DeleteImagesTask(t.Context(), oneID)
		checkFault(t, err, refused(0, "").at(400), 1)
		if !<-dropped {
			t.Error("the connection was used again")
		}
	}
}

// A name that does not exist will not exist at the next attempt.
func TestHostileUnknownHost(t *testing.T) {
	t.Parallel()
	server, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var open sync.WaitGroup
	open.Go(func() { answerNoSuchName(server) })
	t.Cleanup(func() { server.Close(); open.Wait() })
	resolver := &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", server.LocalAddr().String())
	}}
	transport := ownTransport(t)
	transport.Proxy = nil
	transport.DialContext = (&net.Dialer{Resolver: resolver}).DialContext
	_, err = newHostileClient(t, "https://nobody.invalid", transport, fast).DeleteImagesTask(t.Context(), oneID)
	checkFault(t, err, notSent(), 1)
}

// answerNoSuchName turns each question into the answer NXDOMAIN (RFC 1035, 4.1.1).
func answerNoSuchName(server net.PacketConn) {
	message := make([]byte, 1500)
	for {
		n, from, err := server.ReadFrom(message)
		if err != nil {
			return
		}
		message[2], message[3] = message[2]|0x80, 0x83
		_, _ = server.WriteTo(message[:n], from)
	}
}
