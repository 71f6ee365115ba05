package conformance

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/internal/testkit"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// proxySecret is the password of a proxy, which no error may hold.
const proxySecret = "pr0xyPassw0rd"

// through calls twice through a proxy: a generation, and a deletion, which may
// be repeated and uses pooled connections.
func through(t *testing.T, base string, proxy func(*http.Request) (*url.URL, error), check func(t *testing.T, err error)) {
	t.Helper()
	calls := map[string]func(*wrapper.Client) error{
		"generation": func(c *wrapper.Client) error { return generate(t.Context(), c, aFile()) },
		"deletion": func(c *wrapper.Client) error {
			_, err := c.DeleteImagesTask(t.Context(), oneID)
			return err
		},
	}
	for name, call := range calls {
		t.Run(name, func(t *testing.T) {
			transport := testkit.Transport(t)
			transport.Proxy = proxy
			err := call(newClient(t, base, transport, fast))
			if err == nil {
				t.Fatal("no error")
			}
			checkText(t, err)
			for e := err; e != nil; e = errors.Unwrap(e) {
				if strings.Contains(e.Error(), proxySecret) {
					t.Errorf("the password is in %q", e)
				}
			}
			check(t, err)
		})
	}
}

// notSentByProxy wants an error that says that nothing was sent and that the
// proxy is the reason, after so many attempts.
func notSentByProxy(attempts int, texts ...string) func(*testing.T, error) {
	return func(t *testing.T, err error) {
		t.Helper()
		checkFault(t, err, notSent(), attempts)
		for _, text := range append(texts, "proxy") {
			if !strings.Contains(err.Error(), text) {
				t.Errorf("%q does not say %q", err, text)
			}
		}
	}
}

const serviceOverTLS = "https://api.example.com"

func TestProxyFunctionThatFails(t *testing.T) {
	t.Parallel()
	errPAC := errors.New("the PAC script has no opinion")
	through(t, serviceOverTLS, func(*http.Request) (*url.URL, error) { return nil, errPAC }, func(t *testing.T, err error) {
		notSentByProxy(3, "the PAC script has no opinion")(t, err)
		if !errors.Is(err, errPAC) {
			t.Error("the cause was lost")
		}
	})
	secret := errors.New("no route to http://user:" + proxySecret + "@proxy:3128")
	through(t, serviceOverTLS, func(*http.Request) (*url.URL, error) { return nil, secret }, notSentByProxy(3))
}

func TestMalformedProxyAddress(t *testing.T) {
	t.Parallel()
	parsed := func(raw string) func(*http.Request) (*url.URL, error) {
		return func(*http.Request) (*url.URL, error) { return url.Parse(raw) }
	}
	addresses := []string{
		"http://user:" + proxySecret + "@pro xy:3128", "http://user:" + proxySecret + "/@proxy", "proxy.test:3128",
		"http://", "http://user:" + proxySecret + "@:3128", "http://proxy:99999", "ftp://user:" + proxySecret + "@proxy", "//proxy:3128", "/proxy",
	}
	for _, address := range addresses {
		t.Run(strings.ReplaceAll(address, "/", "|"), func(t *testing.T) {
			through(t, serviceOverTLS, parsed(address), notSentByProxy(1, "malformed"))
			through(t, "http://127.0.0.1:1", parsed(address), notSentByProxy(1, "malformed"))
		})
	}
	// As http.ProxyFromEnvironment reports it.
	env := fmt.Errorf("invalid proxy address %q: %v", "http://user:"+proxySecret+"@pro xy", errors.New("no"))
	through(t, serviceOverTLS, func(*http.Request) (*url.URL, error) { return nil, env }, notSentByProxy(1, "malformed"))
}

func TestProxyThatRefusesToConnect(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		wire     string
		attempts int
		texts    []string
	}{
		"407":             {"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n", 1, []string{"407"}},
		"403":             {"HTTP/1.1 403 Forbidden\r\n\r\n", 1, []string{"403 Forbidden"}},
		"405":             {"HTTP/1.1 405 Method Not Allowed\r\n\r\n", 1, []string{"405"}},
		"302":             {"HTTP/1.1 302 Found\r\nLocation: https://login.test\r\n\r\n", 1, []string{"302"}},
		"429":             {"HTTP/1.1 429 Too Many Requests\r\n\r\n", 3, []string{"429"}},
		"502":             {"HTTP/1.1 502 Bad Gateway\r\n\r\n", 3, []string{"502 Bad Gateway"}},
		"503":             {"HTTP/1.1 503 Service Unavailable\r\n\r\n", 3, []string{"503"}},
		"a phrase":        {"HTTP/1.1 503 No upstream today\r\n\r\n", 3, nil},
		"no phrase":       {"HTTP/1.1 503\r\n\r\n", 3, nil},
		"an empty phrase": {"HTTP/1.1 503 \r\n\r\n", 3, nil},
		"no HTTP":         {"SSH-2.0-OpenSSH_9.9\r\n", 3, nil},
		"nothing":         {"", 3, nil},
		"no TLS":          {"HTTP/1.1 200 OK\r\n\r\nSSH-2.0-OpenSSH_9.9\r\n", 3, nil},
		"half of it":      {"HTTP/1.1 407 Pro", 3, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var received atomic.Int32
			proxy := testkit.Listen(t, func(c *testkit.Conn) {
				if r, err := http.ReadRequest(c.In); err == nil && r.Method == http.MethodConnect && r.Header.Get("Authorization") == "" {
					received.Add(1)
				}
				c.Send(tt.wire)
			})
			through(t, serviceOverTLS, http.ProxyURL(&url.URL{Scheme: "http", Host: proxy, User: url.UserPassword("user", proxySecret)}),
				func(t *testing.T, err error) {
					notSentByProxy(tt.attempts, tt.texts...)(t, err)
					if n := received.Swap(0); int(n) != tt.attempts {
						t.Errorf("%d requests to the proxy, want %d", n, tt.attempts)
					}
				})
		})
	}
}

// A status whose phrase is the proxy's own is known where the transport is ours
// or a copy.
func TestProxyThatRefusesInItsOwnWords(t *testing.T) {
	t.Parallel()
	proxy := testkit.Listen(t, func(c *testkit.Conn) {
		_, _ = http.ReadRequest(c.In)
		c.Send("HTTP/1.1 403 Filtered\r\n\r\n")
	})
	through(t, serviceOverTLS, http.ProxyURL(&url.URL{Scheme: "http", Host: proxy}), func(t *testing.T, err error) {
		if strings.HasSuffix(t.Name(), "generation") {
			notSentByProxy(1, "403")(t, err)
		} else {
			notSentByProxy(3, "Filtered")(t, err)
		}
	})
}

func TestProxyThatIsUnreachable(t *testing.T) {
	t.Parallel()
	closed := testkit.ClosedPort(t)
	for _, scheme := range []string{"http", "https", "socks5"} {
		for _, base := range []string{serviceOverTLS, "http://127.0.0.1:1"} {
			through(t, base, http.ProxyURL(&url.URL{Scheme: scheme, Host: closed}), func(t *testing.T, err error) {
				notSentByProxy(3, "connection refused")(t, err)
				if !errors.Is(err, syscall.ECONNREFUSED) {
					t.Errorf("the cause was lost: %v", err)
				}
			})
		}
	}
	socks := testkit.Listen(t, func(c *testkit.Conn) { c.WaitForByte(); c.Send("\x05\xff") })
	through(t, serviceOverTLS, http.ProxyURL(&url.URL{Scheme: "socks5", Host: socks}), notSentByProxy(3))
}

// A proxy whose certificate is not trusted, and a service behind a proxy that
// has such a one: only the first is the proxy's.
func TestUntrustedThroughAProxy(t *testing.T) {
	t.Parallel()
	untrusted := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(untrusted.Close)
	address := strings.TrimPrefix(untrusted.URL, "https://")
	through(t, serviceOverTLS, http.ProxyURL(&url.URL{Scheme: "https", Host: address}), notSentByProxy(1, "certificate"))
	through(t, untrusted.URL, http.ProxyURL(&url.URL{Scheme: "http", Host: testkit.Listen(t, tunnel)}), func(t *testing.T, err error) {
		checkFault(t, err, notSent(), 1)
		if strings.Contains(err.Error(), "proxy") {
			t.Errorf("the proxy is blamed: %v", err)
		}
	})
}

// Over plain http a proxy responds itself. 407 is always its own.
func TestProxyThatRespondsItself(t *testing.T) {
	t.Parallel()
	respond := func(wire string) func(*http.Request) (*url.URL, error) {
		return http.ProxyURL(&url.URL{Scheme: "http", Host: testkit.Listen(t, reply(wire))})
	}
	const base = "http://127.0.0.1:1"
	through(t, base, respond("HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 2\r\n\r\nno"), notSentByProxy(1, "407"))
	through(t, base, respond("HTTP/1.1 407 No\r\nContent-Length: 2\r\n\r\nno"), func(t *testing.T, err error) {
		checkFault(t, err, refused(0, "").at(407), 1)
	})
}

// A 407 that came through no proxy, or through a tunnel, is the service's.
func TestServiceThatResponds407(t *testing.T) {
	t.Parallel()
	const wire = "HTTP/1.1 407 No\r\nProxy-Authenticate: Basic\r\nContent-Length: 2\r\n\r\nno"
	refusal := func(t *testing.T, err error) { checkFault(t, err, refused(0, "").at(407), 1) }
	through(t, listen(t, reply(wire)), nil, refusal)
	authority := testkit.NewAuthority(t)
	base := "https://" + testkit.Listen(t, testkit.OverTLS(authority.ServerConfig(t, "127.0.0.1", time.Now().Add(time.Hour)), reply(wire)))
	transport := testkit.Transport(t)
	transport.TLSClientConfig = &tls.Config{RootCAs: authority.Pool}
	transport.Proxy = http.ProxyURL(&url.URL{Scheme: "http", Host: testkit.Listen(t, tunnel)})
	refusal(t, generate(t.Context(), newClient(t, base, transport, fast)))
}

// What a transport's own hook says of the proxy's response still counts.
func TestProxyHookOfTheUser(t *testing.T) {
	t.Parallel()
	proxy := testkit.Listen(t, func(c *testkit.Conn) {
		_, _ = http.ReadRequest(c.In)
		c.Send("HTTP/1.1 200 OK\r\n\r\n")
	})
	errHook := errors.New("this proxy has no seal")
	transport := testkit.Transport(t)
	transport.Proxy = http.ProxyURL(&url.URL{Scheme: "http", Host: proxy})
	transport.OnProxyConnectResponse = func(context.Context, *url.URL, *http.Request, *http.Response) error { return errHook }
	err := generate(t.Context(), newClient(t, serviceOverTLS, transport, fast))
	if notSentByProxy(3, "has no seal")(t, err); !errors.Is(err, errHook) {
		t.Errorf("the cause was lost: %v", err)
	}
}

// The end of the caller's context is no fault of the proxy.
func TestContextThatEndsAtAProxy(t *testing.T) {
	t.Parallel()
	proxy := testkit.Listen(t, (*testkit.Conn).Stall)
	transport := testkit.Transport(t)
	transport.Proxy = http.ProxyURL(&url.URL{Scheme: "http", Host: proxy})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	err := generate(ctx, newClient(t, serviceOverTLS, transport, fast))
	checkFault(t, err, notSent(context.DeadlineExceeded), 1)
}
