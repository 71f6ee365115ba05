package wrapper

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http/httptrace"
	"sync/atomic"
)

// trace sees whether one attempt ever had a connection to send on. Each attempt
// has its own: hooks may still be called when an attempt is over, and httptrace
// writes into the ClientTrace that it is given.
type trace struct {
	hooks      httptrace.ClientTrace
	asked, got atomic.Bool
}

func newTrace() *trace {
	t := &trace{}
	t.hooks.GetConn = func(string) { t.asked.Store(true) }
	t.hooks.GotConn = func(httptrace.GotConnInfo) { t.got.Store(true) }
	return t
}

// notSent is true only on evidence: a transport that does not report to the
// trace, as a user's own may, is believed only if it could not connect.
func (t *trace) notSent(err error) bool {
	return errors.As(err, new(*unprocessedError)) || !t.got.Load() && (t.asked.Load() || couldNotConnect(err))
}

func couldNotConnect(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial" || isUntrusted(err)
}

// isUntrusted reports whether TLS ended before a request could be sent, for a
// reason that another attempt will meet again.
func isUntrusted(err error) bool {
	var verification *tls.CertificateVerificationError
	var authority x509.UnknownAuthorityError
	var hostname x509.HostnameError
	return errors.As(err, &verification) || errors.As(err, &authority) || errors.As(err, &hostname)
}
