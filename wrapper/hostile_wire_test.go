package wrapper_test

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

// peer is the server's end of one connection.
type peer struct {
	net.Conn
	in *bufio.Reader
}

func newPeer(conn net.Conn) *peer { return &peer{conn, bufio.NewReader(conn)} }

// request reads one whole request. It reports whether there was one.
func (p *peer) request() (*http.Request, []byte, bool) {
	r, err := http.ReadRequest(p.in)
	if err != nil {
		return nil, nil, false
	}
	body, err := io.ReadAll(r.Body)
	return r, body, err == nil
}

func (p *peer) send(wire string) bool {
	_, err := io.WriteString(p, wire)
	return err == nil
}

// stall waits until the other end gives up.
func (p *peer) stall() { _, _ = io.Copy(io.Discard, p.in) }

// reset makes closing send a reset in place of an orderly end.
func (p *peer) reset() {
	if tcp, ok := p.Conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
}

// listen serves raw connections until the test ends. It returns host:port.
func listen(t *testing.T, serve func(*peer)) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	serveOn(t, listener, serve)
	return listener.Addr().String()
}

func serveOn(t *testing.T, listener net.Listener, serve func(*peer)) {
	var open sync.WaitGroup
	var mu sync.Mutex
	conns, closed := map[net.Conn]bool{}, false
	open.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			conns[conn] = true
			if closed {
				conn.Close()
			}
			mu.Unlock()
			open.Go(func() {
				defer conn.Close()
				serve(newPeer(conn))
			})
		}
	})
	t.Cleanup(func() {
		listener.Close()
		mu.Lock()
		closed = true
		for conn := range conns {
			conn.Close()
		}
		mu.Unlock()
		open.Wait()
	})
}

// closedPort is an address where nobody listens, nor will: the port belongs to
// a connection.
func closedPort(t *testing.T) string {
	t.Helper()
	conn, err := net.Dial("tcp", listen(t, (*peer).stall))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn.LocalAddr().String()
}

// drip sends wire a byte at a time.
func drip(p *peer, wire string, pause time.Duration) {
	for i := range len(wire) {
		if !p.send(wire[i : i+1]) {
			return
		}
		time.Sleep(pause)
	}
}

// forever sends the same bytes until the other end has had enough.
func forever(p *peer, wire string) {
	block := strings.Repeat(wire, max(1, 4096/len(wire)))
	for p.send(block) {
	}
}

// quietLog keeps what net/http prints about these servers out of the output.
type quietLog struct{}

func (quietLog) Write(line []byte) (int, error) {
	if bytes.Contains(line, []byte("Unsolicited response received on idle HTTP channel")) {
		return len(line), nil
	}
	return os.Stderr.Write(line)
}
