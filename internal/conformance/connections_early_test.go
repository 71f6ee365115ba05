package conformance

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/internal/testkit"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// earlyRuns is how many times an early response must be seen: before uploads
// over 1 MB sent an Expect field, about half of these runs lost it.
const earlyRuns = 20

// refuseEarly responds with status before the body has arrived, and closes the
// connection while the client may still be sending.
func refuseEarly(status int, read int64) func(*testkit.Conn) {
	return func(c *testkit.Conn) {
		r, err := http.ReadRequest(c.In)
		if err != nil {
			return
		}
		if read > 0 {
			c.Send("HTTP/1.1 100 Continue\r\n\r\n")
			_, _ = io.CopyN(io.Discard, r.Body, read)
		}
		c.Send(fmt.Sprintf("HTTP/1.1 %d Refused\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", status, len(refusalBody), refusalBody))
	}
}

// checkEarly uploads a large source several times and wants each refusal told
// as what it is.
func checkEarly(t *testing.T, status int, newClient func() *wrapper.Client) {
	t.Helper()
	checkEarlyOf(t, 8<<20, status, newClient)
}

func checkEarlyOf(t *testing.T, size int64, status int, newClient func() *wrapper.Client) {
	t.Helper()
	source := newSource(t, testkit.Image(size))
	for i := range earlyRuns {
		err := generate(t.Context(), newClient(), source.File())
		var refusal *wrapper.APIError
		if !errors.As(err, &refusal) || refusal.HTTPStatus != status || errors.Is(err, wrapper.ErrOutcomeUnknown) || refusal.Attempts != 1 {
			t.Fatalf("run %d: %v (%s)", i, err, matching(err))
		}
	}
}

func TestEarlyRefusalOfAnUpload(t *testing.T) {
	t.Parallel()
	authority := testkit.NewAuthority(t)
	config := authority.ServerConfig(t, "127.0.0.1", time.Now().Add(time.Hour))
	for _, status := range []int{401, 413, 429} {
		for name, read := range map[string]int64{"unread": 0, "after some bytes": 300 << 10} {
			t.Run(fmt.Sprint(status, " ", name), func(t *testing.T) {
				t.Parallel()
				base := listen(t, refuseEarly(status, read))
				checkEarly(t, status, func() *wrapper.Client { return newRetryingClient(t, base) })
			})
			t.Run(fmt.Sprint(status, " ", name, ", over TLS"), func(t *testing.T) {
				t.Parallel()
				base := "https://" + testkit.Listen(t, testkit.OverTLS(config, refuseEarly(status, read)))
				transport := testkit.Transport(t)
				transport.TLSClientConfig = &tls.Config{RootCAs: authority.Pool}
				checkEarly(t, status, func() *wrapper.Client { return newClient(t, base, transport, fast) })
			})
		}
	}
}

// A user's own transport may have no ExpectContinueTimeout, with which net/http
// sends the body at once.
func TestEarlyRefusalThroughAPlainTransport(t *testing.T) {
	t.Parallel()
	base := listen(t, refuseEarly(413, 0))
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	checkEarly(t, 413, func() *wrapper.Client { return newClient(t, base, transport, fast) })
	if transport.ExpectContinueTimeout != 0 {
		t.Error("the user's transport was changed")
	}
}

// An upload that sends its body at once is refused as well as one that asks.
func TestEarlyRefusalOfASmallUpload(t *testing.T) {
	t.Parallel()
	base := listen(t, refuseEarly(413, 0))
	checkEarlyOf(t, 1<<20-4096, 413, func() *wrapper.Client { return newRetryingClient(t, base) })
}

func TestEarlyRefusalOverHTTP2(t *testing.T) {
	t.Parallel()
	base, client := serveHTTP2(t, func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor != 2 {
			t.Errorf("%s", r.Proto)
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(413)
		_, _ = io.WriteString(w, refusalBody)
	})
	checkEarly(t, 413, func() *wrapper.Client { return newClient(t, base, client.Transport, fast) })
}

// serveHTTP2 starts a server of HTTP/2 over TLS, and returns a client that trusts it.
func serveHTTP2(t *testing.T, handler http.HandlerFunc) (base string, client *http.Client) {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	server.EnableHTTP2 = true
	server.Config.ConnContext = func(ctx context.Context, conn net.Conn) context.Context {
		return context.WithValue(ctx, connectionKey{}, conn)
	}
	server.StartTLS()
	t.Cleanup(server.Close)
	return server.URL, server.Client()
}

// connectionKey is the key of the net.Conn in the context of a request to serveHTTP2. Its
// address does not tell connections apart: the system may use a port again at once.
type connectionKey struct{}

// Through a proxy that tunnels, and through one that passes requests on.
func TestEarlyRefusalThroughAProxy(t *testing.T) {
	t.Parallel()
	authority := testkit.NewAuthority(t)
	config := authority.ServerConfig(t, "127.0.0.1", time.Now().Add(time.Hour))
	bases := map[string]string{
		"tunnel":  "https://" + testkit.Listen(t, testkit.OverTLS(config, refuseEarly(413, 0))),
		"passing": "http://127.0.0.1:1",
	}
	proxies := map[string]string{
		"tunnel":  testkit.Listen(t, tunnel),
		"passing": testkit.Listen(t, refuseEarly(413, 0)),
	}
	for name, base := range bases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			transport := testkit.Transport(t)
			transport.TLSClientConfig = &tls.Config{RootCAs: authority.Pool}
			transport.Proxy = http.ProxyURL(&url.URL{Scheme: "http", Host: proxies[name]})
			checkEarly(t, 413, func() *wrapper.Client { return newClient(t, base, transport, fast) })
		})
	}
}

// tunnel is a proxy that connects to wherever the client asks.
func tunnel(c *testkit.Conn) {
	r, err := http.ReadRequest(c.In)
	if err != nil || r.Method != http.MethodConnect {
		return
	}
	to, err := net.Dial("tcp", r.Host)
	if err != nil {
		c.Send("HTTP/1.1 502 Bad Gateway\r\n\r\n")
		return
	}
	defer to.Close()
	c.Send("HTTP/1.1 200 Connection established\r\n\r\n")
	var copying sync.WaitGroup
	copying.Go(func() {
		_, _ = io.Copy(to, c.In)
		_ = to.(*net.TCPConn).CloseWrite()
	})
	_, _ = io.Copy(c, to)
	_ = c.Conn.Close()
	copying.Wait()
}
