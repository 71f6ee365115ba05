package fakeapi

import (
	"net"
	"net/http"
	"sync"
)

// conns follows the connections of an http.Server, so that closing can end
// each of them and wait for its goroutine, which http.Server.Close does not.
type conns struct {
	mu       sync.Mutex
	accepted int
	open     map[net.Conn]struct{}
	done     sync.WaitGroup
}

// changed is an http.Server's ConnState. It sees StateNew on the goroutine
// that accepts, so nothing is added once that has ended.
func (c *conns) changed(conn net.Conn, state http.ConnState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch state {
	case http.StateNew:
		if c.open == nil {
			c.open = make(map[net.Conn]struct{})
		}
		c.accepted++
		c.open[conn] = struct{}{}
		c.done.Add(1)
	case http.StateClosed:
		delete(c.open, conn)
		c.done.Done()
	default: // the connection is still there
	}
}

func (c *conns) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.accepted
}

// closeAll ends every connection and waits until all are gone.
func (c *conns) closeAll() {
	c.mu.Lock()
	for conn := range c.open {
		_ = conn.Close() // the connection ends either way
	}
	c.mu.Unlock()
	c.done.Wait()
}
