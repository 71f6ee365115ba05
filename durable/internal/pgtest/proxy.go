package pgtest

import (
	"errors"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// socketName is that of a server's socket in its directory.
const socketName = ".s.PGSQL.5432"

// Proxy passes connections on to a server, until it is told to cut or to stall them.
type Proxy struct {
	dsn      string
	target   string
	listener net.Listener
	done     sync.WaitGroup

	mu    sync.Mutex
	flow  *sync.Cond // on mu: isCut, isStalled or isClosed changed
	conns map[net.Conn]struct{}

	isCut, isStalled, isClosed bool
}

// NewProxy starts a proxy to the database at an address of this package. It ends with the test.
func NewProxy(tb testing.TB, address string) *Proxy {
	tb.Helper()
	u, err := url.Parse(address)
	if err != nil {
		tb.Fatal(err)
	}
	query := u.Query()
	dir, err := os.MkdirTemp("", "pgproxy-") // not tb.TempDir: see newServer
	if err != nil {
		tb.Fatal(err)
	}
	p := &Proxy{target: filepath.Join(query.Get("host"), socketName), conns: map[net.Conn]struct{}{}}
	p.flow = sync.NewCond(&p.mu)
	query.Set("host", dir)
	u.RawQuery = query.Encode()
	p.dsn = u.String()
	if p.listener, err = net.Listen("unix", filepath.Join(dir, socketName)); err != nil {
		tb.Fatal(err)
	}
	p.done.Go(p.accept)
	tb.Cleanup(func() {
		p.close()
		if err := os.RemoveAll(dir); err != nil {
			tb.Error(err)
		}
	})
	return p
}

// Address returns the address of the database through the proxy.
func (p *Proxy) Address() string { return p.dsn }

// Cut closes all connections, and refuses new ones until Restore.
func (p *Proxy) Cut() {
	p.set(func() {
		p.isCut = true
		p.closeAll()
	})
}

// Stall keeps connections open, new ones too, and passes nothing on until Restore or Cut.
func (p *Proxy) Stall() { p.set(func() { p.isStalled = true }) }

// Restore ends a Cut and a Stall. What was held back is passed on.
func (p *Proxy) Restore() { p.set(func() { p.isCut, p.isStalled = false, false }) }

func (p *Proxy) set(change func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change()
	p.flow.Broadcast()
}

func (p *Proxy) close() {
	_ = p.listener.Close() // accept ends by it
	p.set(func() {
		p.isClosed = true
		p.closeAll()
	})
	p.done.Wait()
}

// closeAll needs mu.
func (p *Proxy) closeAll() {
	for conn := range p.conns {
		_ = conn.Close() // the other side may have closed it
	}
	clear(p.conns)
}

func (p *Proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err == nil {
			p.done.Go(func() { p.serve(client) })
		}
	}
}

// serve passes bytes on in both directions, until one of them ends.
func (p *Proxy) serve(client net.Conn) {
	defer client.Close()
	server, err := net.Dial("unix", p.target)
	if err != nil {
		return
	}
	defer server.Close()
	if !p.track(client, server) {
		return
	}
	var both sync.WaitGroup
	both.Go(func() { p.pass(server, client) })
	both.Go(func() { p.pass(client, server) })
	both.Wait()
	p.set(func() {
		delete(p.conns, client)
		delete(p.conns, server)
	})
}

func (p *Proxy) track(conns ...net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.isCut || p.isClosed {
		return false
	}
	for _, conn := range conns {
		p.conns[conn] = struct{}{}
	}
	return true
}

func (p *Proxy) pass(to, from net.Conn) {
	_, _ = io.Copy(held{to, p}, from) // one of the two was closed
	_ = to.Close()
	_ = from.Close()
}

// held is a connection whose writes wait while the proxy is stalled.
type held struct {
	net.Conn
	proxy *Proxy
}

func (h held) Write(b []byte) (int, error) {
	h.proxy.mu.Lock()
	for h.proxy.isStalled && !h.proxy.isCut && !h.proxy.isClosed {
		h.proxy.flow.Wait()
	}
	h.proxy.mu.Unlock()
	return h.Conn.Write(b)
}
