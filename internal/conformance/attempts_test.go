package conformance

import (
	"context"
	"net"
	"sync"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/testkit"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// Each attempt sends the whole body anew.
func TestEachAttemptSendsTheWholeBody(t *testing.T) {
	t.Parallel()
	bodies := make(chan string, 3)
	base := listen(t, func(c *testkit.Conn) {
		if r, body, ok := c.ReadRequest(); ok && r.Header.Get("Authorization") == authorization {
			bodies <- string(body)
		}
		c.Send("HTTP/1.1 503 No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
	})
	_, err := newClient(t, base, testkit.Transport(t), fast).DeleteImagesTask(t.Context(), oneID)
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

// What a server sends on an idle connection ends the connection, and is not the
// response to the next request.
func TestUnsolicitedResponse(t *testing.T) {
	t.Parallel()
	dropped := make(chan bool, 2)
	base := listen(t, func(c *testkit.Conn) {
		if _, _, ok := c.ReadRequest(); ok {
			c.Send("HTTP/1.1 400 No\r\nContent-Length: 0\r\n\r\n" + rawSuccess)
			_, _, again := c.ReadRequest()
			dropped <- !again
		}
	})
	client := newClient(t, base, testkit.Transport(t))
	for range 2 {
		_, err := client.DeleteImagesTask(t.Context(), oneID)
		checkFault(t, err, refused(0, "").at(400), 1)
		if !<-dropped {
			t.Error("the connection was used again")
		}
	}
}

// A name that does not exist will not exist at the next attempt.
func TestUnknownHost(t *testing.T) {
	t.Parallel()
	server, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var open sync.WaitGroup
	open.Go(func() { respondNoSuchName(server) })
	t.Cleanup(func() { server.Close(); open.Wait() })
	resolver := &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", server.LocalAddr().String())
	}}
	transport := testkit.Transport(t)
	transport.Proxy = nil
	transport.DialContext = (&net.Dialer{Resolver: resolver}).DialContext
	_, err = newClient(t, "https://nobody.invalid", transport, fast).DeleteImagesTask(t.Context(), oneID)
	checkFault(t, err, notSent(), 1)
}

// respondNoSuchName turns each question into the response NXDOMAIN (RFC 1035, 4.1.1).
func respondNoSuchName(server net.PacketConn) {
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
