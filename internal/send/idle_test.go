package send

import (
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/internal/testkit"
)

// A report that a connection is idle may come when another request has it already.
func TestIdleConn(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		before func(*idleConn)
		passes bool
	}{
		"while it is dialed":         {func(*idleConn) {}, true},
		"during a request":           {func(c *idleConn) { c.take() }, true},
		"after it":                   {func(c *idleConn) { c.free(c.take()) }, false},
		"during the next":            {func(c *idleConn) { c.free(c.take()); c.take() }, true},
		"after the next":             {func(c *idleConn) { c.free(c.take()); c.free(c.take()) }, false},
		"during the next, late":      {func(c *idleConn) { first := c.take(); c.take(); c.free(first) }, true},
		"freed twice":                {func(c *idleConn) { use := c.take(); c.free(use); c.free(use) }, false},
		"freed twice, taken between": {func(c *idleConn) { use := c.take(); c.free(use); c.take(); c.free(use) }, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			near, far := net.Pipe()
			defer near.Close()
			go func() { _, _ = io.WriteString(far, "x"); _ = far.Close() }()
			c := &idleConn{Conn: near}
			tt.before(c)
			n, err := c.Read(make([]byte, 10))
			if passed := n == 1 && err == nil; passed != tt.passes || !passed && (n != 0 || err != io.EOF) {
				t.Errorf("%d, %v", n, err)
			}
		})
	}
}

// printed is what net/http has printed to the standard logger.
type printed struct {
	mu   sync.Mutex
	text strings.Builder
}

func (p *printed) Write(line []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.Write(line)
}

func (p *printed) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.String()
}

// What a server sends between two requests ends the connection, and is not printed.
func TestWhatComesBetweenRequests(t *testing.T) { //nolint:paralleltest // the standard logger is shared
	authority := testkit.NewAuthority(t)
	config := authority.ServerConfig(t, "127.0.0.1", time.Now().Add(time.Hour))
	older := config.Clone()
	older.MaxVersion = tls.VersionTLS12
	trusting := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: authority.Pool}}
	withProxies := trusting.Clone()
	withProxies.Proxy = func(*http.Request) (*url.URL, error) { return nil, nil }
	for name, tt := range map[string]struct {
		config    *tls.Config // nil: no TLS
		transport http.RoundTripper
	}{
		"ours":                    {nil, nil},
		"a copy for proxies":      {nil, withProxies},
		"TLS 1.3":                 {config, Quiet(trusting)},
		"TLS 1.2":                 {older, Quiet(trusting)},
		"TLS, a copy for proxies": {config, withProxies},
	} {
		t.Run(name, func(t *testing.T) {
			out, before := new(printed), log.Writer()
			log.SetOutput(out)
			t.Cleanup(func() { log.SetOutput(before) })
			between, closed := make(chan struct{}), make(chan struct{}, 2)
			url := talkative(t, tt.config, between, closed)
			client, _ := NewClient(&http.Client{Transport: tt.transport}, 0)
			t.Cleanup(client.CloseIdleConnections)
			wantOK(t, client, url)
			wantOK(t, client, url)
			close(between)
			<-closed
			wantOK(t, client, url)
			if text := out.String(); text != "" {
				t.Errorf("printed %s", text)
			}
		})
	}
}

// talkative starts a server that responds twice on each connection, sends more once
// between is closed, and reports when the client has closed the connection.
func talkative(t *testing.T, config *tls.Config, between <-chan struct{}, closed chan<- struct{}) (url string) {
	t.Helper()
	serve := func(c *testkit.Conn) {
		for range 2 {
			if _, _, ok := c.ReadRequest(); !ok {
				return
			}
			c.Send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
		}
		<-between
		c.Send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\nAuthorization: secret")
		c.Stall()
		closed <- struct{}{}
	}
	if config == nil {
		return "http://" + testkit.Listen(t, serve)
	}
	return "https://" + testkit.Listen(t, testkit.OverTLS(config, serve))
}

func wantOK(t *testing.T, client *http.Client, url string) {
	t.Helper()
	r := (&Sender{Client: client, MaxBytes: 100}).Send(post(t.Context(), t, url, "x"), Once, nil)
	if r.Err != nil || string(r.Body) != "ok" {
		t.Fatalf("%q, %v", r.Body, r.Err)
	}
}

// A copy speaks HTTP/2 as the original does, and keeps its connection, on which a server
// sends frames at any time.
func TestQuietKeepsHTTP2(t *testing.T) {
	t.Parallel()
	var connections atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "ok")
		if r.ProtoMajor != 2 {
			t.Errorf("came over %s", r.Proto)
		}
	}))
	server.EnableHTTP2 = true
	server.Config.HTTP2 = &http.HTTP2Config{SendPingTimeout: time.Millisecond}
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	server.StartTLS()
	t.Cleanup(server.Close)
	roots := server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	client, _ := NewClient(&http.Client{Transport: Quiet(&http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, ForceAttemptHTTP2: true})}, 0)
	t.Cleanup(client.CloseIdleConnections)
	for range 4 {
		wantOK(t, client, server.URL)
		time.Sleep(5 * time.Millisecond)
	}
	if n := connections.Load(); n != 1 {
		t.Errorf("%d connections", n)
	}
}

// Whoever takes a connection the moment that it is offered gets the response.
func TestQuietUnderLoad(t *testing.T) {
	t.Parallel()
	var connections atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok") }))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	transport := Quiet(&http.Transport{MaxConnsPerHost: 2, MaxIdleConnsPerHost: 2})
	client, _ := NewClient(&http.Client{Transport: transport}, 0)
	t.Cleanup(client.CloseIdleConnections)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 200 {
				r := (&Sender{Client: client, MaxBytes: 100}).Send(post(t.Context(), t, server.URL, "x"), Once, nil)
				if r.Err != nil || string(r.Body) != "ok" {
					t.Errorf("%q, %v", r.Body, r.Err)
				}
			}
		})
	}
	all.Wait()
	if n := connections.Load(); n > 2 {
		t.Errorf("%d connections", n)
	}
}
