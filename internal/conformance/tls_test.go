package conformance

import (
	"context"
	"crypto/tls"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/internal/testkit"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// If the handshake fails, nothing was sent. A failure that another attempt would
// meet again is not retried.
func TestTLS(t *testing.T) {
	t.Parallel()
	trusted, unknown := testkit.NewAuthority(t), testkit.NewAuthority(t)
	soon, past := time.Now().Add(time.Hour), time.Now().Add(-time.Hour)
	old := trusted.ServerConfig(t, "127.0.0.1", soon)
	old.MaxVersion = tls.VersionTLS11
	noCert := trusted.ServerConfig(t, "127.0.0.1", soon)
	noCert.Certificates = nil
	noCert.GetCertificate = func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return nil, nil }
	tests := []struct {
		name        string
		serve       func(*testkit.Conn)
		least, most int // attempts
		want        verdict
	}{
		{"as it should be", testkit.OverTLS(trusted.ServerConfig(t, "127.0.0.1", soon), reply(rawSuccess)), 1, 1, success("Successfully", "Success")},
		{"unknown authority", testkit.OverTLS(unknown.ServerConfig(t, "127.0.0.1", soon), reply(rawSuccess)), 1, 1, notSent()},
		{"another host's certificate", testkit.OverTLS(trusted.ServerConfig(t, "192.0.2.1", soon), reply(rawSuccess)), 1, 1, notSent()},
		{"expired", testkit.OverTLS(trusted.ServerConfig(t, "127.0.0.1", past), reply(rawSuccess)), 1, 1, notSent()},
		{"TLS 1.1 at most", testkit.OverTLS(old, reply(rawSuccess)), 1, 3, notSent()},
		{"no certificate", testkit.OverTLS(noCert, reply(rawSuccess)), 1, 3, notSent()},
		{"plain HTTP on the https port", func(c *testkit.Conn) { c.WaitForByte(); c.Send(rawSuccess) }, 1, 3, notSent()},
		{"not TLS", func(c *testkit.Conn) { c.WaitForByte(); c.Send("SSH-2.0-OpenSSH_9.9\r\n"); c.Stall() }, 1, 3, notSent()},
		{"closed at once", func(*testkit.Conn) {}, 3, 3, notSent()},
		{"closed after the client's hello", func(c *testkit.Conn) { c.WaitForByte() }, 3, 3, notSent()},
		{"reset after the client's hello", func(c *testkit.Conn) { c.WaitForByte(); c.Reset() }, 3, 3, notSent()},
		{"stall in the handshake", (*testkit.Conn).Stall, 3, 3, notSent(context.DeadlineExceeded)},
		{"closed after the handshake", testkit.OverTLS(trusted.ServerConfig(t, "127.0.0.1", soon), func(*testkit.Conn) {}), 3, 3, lost()},
		{"closed in the body", testkit.OverTLS(trusted.ServerConfig(t, "127.0.0.1", soon), reply(rawSuccess[:len(rawSuccess)-1])), 3, 3, lost()},
		{"garbage after the handshake", func(c *testkit.Conn) {
			if tls.Server(c, trusted.ServerConfig(t, "127.0.0.1", soon)).Handshake() == nil {
				c.Send(rawSuccess)
			}
		}, 3, 3, lost()},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if !tt.want.isTimeout() {
				err := deleteOverTLS(t, trusted, tt.serve)
				checkFault(t, err, tt.want, within(err, tt.least, tt.most))
				return
			}
			checkFault(t, timedOutOverTLS(t, trusted, tt.serve, tt.least), tt.want, tt.least)
		})
	}
}

// timedOutOverTLS is deleteOverTLS with the first timeout that does not pass before
// the handshake of one of the attempts.
func timedOutOverTLS(t *testing.T, trusted *testkit.Authority, serve func(*testkit.Conn), attempts int) (err error) {
	t.Helper()
	for timeout := range testkit.Timeouts() {
		var received atomic.Int32
		err = deleteOverTLS(t, trusted, func(c *testkit.Conn) {
			c.WaitForByte()
			received.Add(1)
			serve(c)
		}, wrapper.WithTimeout(timeout))
		if int(received.Load()) >= attempts {
			break
		}
	}
	return err
}

// deleteOverTLS deletes from a server that passes connections to serve. The
// client trusts one authority.
func deleteOverTLS(t *testing.T, trusted *testkit.Authority, serve func(*testkit.Conn), options ...wrapper.Option) error {
	t.Helper()
	transport := testkit.Transport(t)
	transport.TLSClientConfig = &tls.Config{RootCAs: trusted.Pool}
	client := newClient(t, "https://"+testkit.Listen(t, serve), transport, append([]wrapper.Option{fast}, options...)...)
	ctx, cancel := context.WithTimeoutCause(t.Context(), testkit.HangLimit, errors.New("it hangs"))
	defer cancel()
	_, err := client.DeleteImagesTask(ctx, oneID)
	return err
}

// TLS on a port that is used as http: the request is sent, and the response is
// not HTTP.
func TestTLSOnAnHTTPPort(t *testing.T) {
	t.Parallel()
	trusted := testkit.NewAuthority(t)
	serve := testkit.OverTLS(trusted.ServerConfig(t, "127.0.0.1", time.Now().Add(time.Hour)), reply(rawSuccess))
	client := newClient(t, "http://"+testkit.Listen(t, serve), testkit.Transport(t), fast)
	_, err := client.DeleteImagesTask(t.Context(), oneID)
	checkFault(t, err, lost(), 3)
}
