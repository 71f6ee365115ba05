package send

import (
	"context"
	"net"
	"net/http"
	"sync"
	"time"
)

// patience bounds how long a failed write waits. What a server sent before it
// closed the connection has arrived by then, and is only to be read.
const patience = time.Second

// patientConn delays the error of a write until nothing more can be read. A
// server that refuses an upload responds and closes the connection while the
// client is still sending. net/http would drop the response for the write's
// error, though the response is there to be read.
type patientConn struct {
	net.Conn
	over chan struct{} // closed when nothing more can be read
	once sync.Once
}

func (c *patientConn) end() { c.once.Do(func() { close(c.over) }) }

// Read reads, and lets a failed write return if there is nothing more to read.
func (c *patientConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if err != nil {
		c.end()
	}
	return n, err
}

// Write writes. It returns an error only after the last read.
func (c *patientConn) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	if err != nil {
		timer := time.NewTimer(patience)
		defer timer.Stop()
		select {
		case <-c.over:
		case <-timer.C:
		}
	}
	return n, err
}

// SetWriteDeadline sets a deadline, and lets a failed write return: crypto/tls
// sets one before its last write, when it has stopped reading.
func (c *patientConn) SetWriteDeadline(deadline time.Time) error {
	c.end()
	return c.Conn.SetWriteDeadline(deadline)
}

// Close closes the connection, and lets a failed write return.
func (c *patientConn) Close() error {
	c.end()
	return c.Conn.Close()
}

// dialerOf returns how t dials.
func dialerOf(t *http.Transport) func(ctx context.Context, network, address string) (net.Conn, error) {
	//lint:ignore SA1019 a user's transport may still have the deprecated one
	dial, old := t.DialContext, t.Dial //nolint:staticcheck // a user's transport may still have the deprecated one
	switch {
	case dial != nil:
		return dial
	case old != nil:
		return func(_ context.Context, network, address string) (net.Conn, error) { return old(network, address) }
	}
	return new(net.Dialer).DialContext
}

// patientDialer dials as t does, for a [patientConn].
func patientDialer(t *http.Transport) func(ctx context.Context, network, address string) (net.Conn, error) {
	dial := dialerOf(t)
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil || conn == nil {
			return conn, err
		}
		return &patientConn{Conn: conn, over: make(chan struct{})}, nil
	}
}
