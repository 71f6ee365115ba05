package send

import (
	"errors"
	"io"
	"net"
	"testing"
	"testing/synctest"
	"time"
)

var (
	errWrite = errors.New("write failed")
	errRead  = errors.New("read failed")
)

// brokenConn fails to write, and has something to read until it is reset.
type brokenConn struct {
	net.Conn
	data string
}

func (*brokenConn) Write([]byte) (int, error)        { return 0, errWrite }
func (*brokenConn) SetWriteDeadline(time.Time) error { return nil }
func (*brokenConn) Close() error                     { return nil }
func (c *brokenConn) Read(p []byte) (n int, err error) {
	if c.data == "" {
		return 0, errRead
	}
	n = copy(p, c.data)
	c.data = c.data[n:]
	return n, nil
}

// A failed write returns after the last read, after a close, or after a while.
func TestPatientConn(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		end  func(*patientConn)
		want time.Duration
	}{
		"the last read": {func(c *patientConn) { _, _ = io.ReadAll(c) }, 100 * time.Millisecond},
		"a close":       {func(c *patientConn) { _ = c.Close(); _ = c.Close() }, 100 * time.Millisecond},
		"a deadline":    {func(c *patientConn) { _ = c.SetWriteDeadline(time.Time{}) }, 100 * time.Millisecond},
		"not the last":  {func(c *patientConn) { _, _ = c.Read(make([]byte, 3)) }, patience},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := &patientConn{Conn: &brokenConn{data: "response"}, over: make(chan struct{})}
				start := time.Now()
				go func() {
					time.Sleep(100 * time.Millisecond)
					tt.end(c)
				}()
				if _, err := c.Write([]byte("x")); !errors.Is(err, errWrite) || time.Since(start) != tt.want {
					t.Errorf("%v after %v, want %v", err, time.Since(start), tt.want)
				}
				synctest.Wait()
			})
		})
	}
}

// A write that succeeds does not wait.
func TestPatientConnThatWorks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		near, far := net.Pipe()
		defer far.Close()
		go func() { _, _ = io.Copy(io.Discard, far) }()
		c := &patientConn{Conn: near, over: make(chan struct{})}
		start := time.Now()
		if n, err := c.Write([]byte("request")); n != 7 || err != nil || time.Since(start) != 0 {
			t.Errorf("%d, %v after %v", n, err, time.Since(start))
		}
		_ = c.Close()
	})
}
