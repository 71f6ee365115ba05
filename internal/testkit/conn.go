package testkit

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// Conn is the server's end of one connection, for responses that no HTTP
// server would send.
type Conn struct {
	net.Conn
	In *bufio.Reader // what the client sends
}

// NewConn returns a Conn that reads from and writes to conn.
func NewConn(conn net.Conn) *Conn { return &Conn{conn, bufio.NewReader(conn)} }

// ReadRequest reads one whole request. It reports whether there was one.
func (c *Conn) ReadRequest() (*http.Request, []byte, bool) {
	r, err := http.ReadRequest(c.In)
	if err != nil {
		return nil, nil, false
	}
	body, err := io.ReadAll(r.Body)
	return r, body, err == nil
}

// WaitForByte waits for the first byte that the client sends, and leaves it unread.
func (c *Conn) WaitForByte() { _, _ = c.In.Peek(1) }

// Send writes wire. It reports whether that succeeded.
func (c *Conn) Send(wire string) bool {
	_, err := io.WriteString(c, wire)
	return err == nil
}

// SendForever sends the same bytes until the client closes the connection.
func (c *Conn) SendForever(wire string) {
	block := strings.Repeat(wire, max(1, 4096/len(wire)))
	for c.Send(block) {
	}
}

// DripForever sends the same byte, again and again with a pause, until the
// client closes the connection.
func (c *Conn) DripForever(b string, pause time.Duration) {
	for c.Send(b) {
		time.Sleep(pause)
	}
}

// Stall sends nothing more, and returns when the client closes the connection.
func (c *Conn) Stall() { _, _ = io.Copy(io.Discard, c.In) }

// Reset makes the connection end with a TCP reset when it is closed.
func (c *Conn) Reset() {
	if tcp, ok := c.Conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
}

// Listen passes each connection to serve, and closes it when serve returns or
// the test ends. It returns the listener's host:port.
func Listen(tb testing.TB, serve func(*Conn)) string {
	tb.Helper()
	listener, err := new(net.ListenConfig).Listen(tb.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	var serving sync.WaitGroup
	var open connections
	serving.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			open.add(conn)
			serving.Go(func() {
				defer func() { _ = conn.Close() }()
				serve(NewConn(conn))
			})
		}
	})
	tb.Cleanup(func() {
		_ = listener.Close()
		open.close()
		serving.Wait()
	})
	return listener.Addr().String()
}

// connections closes what it is given, at the end or at once after that.
type connections struct {
	mu     sync.Mutex
	list   []net.Conn
	closed bool
}

func (c *connections) add(conn net.Conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.list = append(c.list, conn)
	if c.closed {
		_ = conn.Close()
	}
}

func (c *connections) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	for _, conn := range c.list {
		_ = conn.Close()
	}
}

// ClosedPort returns a host:port that refuses connections until the test ends:
// nothing else can listen there, because the port belongs to a connection.
func ClosedPort(tb testing.TB) string {
	tb.Helper()
	conn, err := new(net.Dialer).DialContext(tb.Context(), "tcp", Listen(tb, (*Conn).Stall))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = conn.Close() })
	return conn.LocalAddr().String()
}
