package fakeapi_test

import (
	"io"
	"net"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// Connections without a request: one that sent nothing, one that sent half of its
// headers, one that did not finish the TLS handshake.
func TestCloseDropsOpenConnections(t *testing.T) {
	protocols(t, func(t *testing.T, opt fakeapi.Option, _ string) {
		srv, err := fakeapi.NewServer(opt)
		if err != nil {
			t.Fatal(err)
		}
		var conns []net.Conn
		for _, text := range []string{"", "POST / HTTP/1.1\r\nHost: ", "\x16\x03\x01"} {
			conn, err := net.Dial("tcp", hostOf(t, srv))
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			if _, err := io.WriteString(conn, text); err != nil {
				t.Fatal(err)
			}
			conns = append(conns, conn)
		}
		waitFor(t, func() bool { return srv.Connections() == len(conns) })
		if err := srv.Close(); err != nil {
			t.Fatal(err)
		}
		for i, conn := range conns {
			_ = conn.SetReadDeadline(time.Now().Add(time.Minute))
			if _, err := io.ReadAll(conn); isTimeout(err) {
				t.Errorf("connection %d is still open", i)
			}
		}
	})
}

func TestConnections(t *testing.T) {
	protocols(t, func(t *testing.T, opt fakeapi.Option, _ string) {
		srv := fakeapi.Start(t, opt)
		for range 3 {
			must(t, send(srv, deletion(t, srv)))
		}
		if n := srv.Connections(); n != 1 {
			t.Errorf("%d connections for one client, want 1", n)
		}
		srv.Client().CloseIdleConnections()
		must(t, send(srv, deletion(t, srv)))
		if n := srv.Connections(); n != 2 {
			t.Errorf("%d connections after the first was closed, want 2", n)
		}
	})
}

func isTimeout(err error) bool {
	nerr, ok := err.(net.Error)
	return ok && nerr.Timeout()
}
