package testkit

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestConnReadsAndSends(t *testing.T) {
	t.Parallel()
	address := Listen(t, func(c *Conn) {
		c.WaitForByte()
		r, body, ok := c.ReadRequest()
		if !ok || r.Method != http.MethodPost || string(body) != "abc" {
			t.Errorf("got %v, %q, %t", r, body, ok)
		}
		c.Send("HTTP/1.1 204 No Content\r\n\r\n")
	})
	resp, err := (&http.Client{Transport: Transport(t)}).Post("http://"+address, "text/plain", strings.NewReader("abc"))
	if err != nil || resp.StatusCode != http.StatusNoContent {
		t.Fatalf("got %v, %v", resp, err)
	}
	resp.Body.Close()
}

// dial connects to a server and returns what it sends, and how it ends.
func dial(t *testing.T, serve func(*Conn)) (string, error) {
	t.Helper()
	conn, err := net.Dial("tcp", Listen(t, serve))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_, _ = io.WriteString(conn, "x")
	got, err := io.ReadAll(io.LimitReader(conn, 10000))
	return string(got), err
}

func TestConnsThatMisbehave(t *testing.T) {
	t.Parallel()
	if got, err := dial(t, func(*Conn) {}); got != "" {
		t.Errorf("a server that closes sent %q, %v", got, err)
	}
	if _, err := dial(t, func(c *Conn) { c.WaitForByte(); c.Reset() }); !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("a reset is %v", err)
	}
	if got, _ := dial(t, func(c *Conn) { c.SendForever("ab") }); len(got) != 10000 {
		t.Errorf("%d bytes of no end", len(got))
	}
	if got, _ := dial(t, func(c *Conn) { c.DripForever("abcdefgh", time.Nanosecond) }); len(got) != 10000 {
		t.Errorf("%d bytes of no end", len(got))
	}
}

// The cleanup of Listen ends connections that stall.
func TestListenEndsWithTheTest(t *testing.T) {
	t.Parallel()
	var conn net.Conn
	t.Run("test", func(t *testing.T) {
		var err error
		if conn, err = net.Dial("tcp", Listen(t, (*Conn).Stall)); err != nil {
			t.Fatal(err)
		}
	})
	defer conn.Close()
	if _, err := conn.Read(make([]byte, 1)); err == nil {
		t.Error("the connection is still open")
	}
}

func TestClosedPortRefuses(t *testing.T) {
	t.Parallel()
	if conn, err := net.Dial("tcp", ClosedPort(t)); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("got %v, %v", conn, err)
	}
}

func TestOverTLS(t *testing.T) {
	t.Parallel()
	authority := NewAuthority(t)
	address := Listen(t, OverTLS(authority.ServerConfig(t, "127.0.0.1", time.Now().Add(time.Hour)), func(c *Conn) { c.Send("hi") }))
	conn, err := tls.Dial("tcp", address, &tls.Config{RootCAs: authority.Pool})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if got, _ := io.ReadAll(conn); string(got) != "hi" {
		t.Errorf("got %q", got)
	}
	if _, err := tls.Dial("tcp", address, &tls.Config{RootCAs: NewAuthority(t).Pool}); err == nil {
		t.Error("another authority's client trusts it")
	}
}
