package wrapper

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"

	"github.com/tensorslab/tensorslab-go/generated"
)

// limitDoer makes one attempt. It bounds its time and what is read, and turns
// the lack of an answer into a TransportError that knows whether anything was sent.
type limitDoer struct {
	next    generated.HttpRequestDoer
	timeout time.Duration // 0 means none
	bytes   int64
}

func (d *limitDoer) Do(req *http.Request) (*http.Response, error) {
	c, ctx := callOf(req), req.Context()
	if d.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, d.timeout)
		defer cancel()
	}
	t := &trace{}
	resp, err := d.next.Do(req.WithContext(httptrace.WithClientTrace(ctx, t.hooks())))
	if err == nil && resp == nil {
		err = errors.New("the HTTP client returned neither an answer nor an error")
	}
	if err != nil {
		closeBody(resp)
		return nil, c.transportError(d.named(c, err), t.notSent(err))
	}
	body := readAnswer(resp, d.bytes)
	if body.err != nil {
		body.err = d.named(c, body.err)
	}
	resp = firstAnswer(resp)
	resp.Body = body
	return resp, nil
}

func closeBody(resp *http.Response) {
	if resp != nil && resp.Body != nil {
		resp.Body.Close()
	}
}

// firstAnswer is the redirect that led to resp, if a client of the user's own
// followed one: what came after it is not the service's answer.
func firstAnswer(resp *http.Response) *http.Response {
	for resp.Request != nil && resp.Request.Response != nil {
		resp = resp.Request.Response
	}
	return resp
}

// named says whose time ran out: the caller's context's, or the attempt's.
func (d *limitDoer) named(c *call, err error) error {
	if c.Err() == nil && d.timeout > 0 && errors.Is(err, context.DeadlineExceeded) {
		return &attemptTimeoutError{d.timeout, err}
	}
	return withContextError(c, err)
}

type attemptTimeoutError struct {
	limit time.Duration
	cause error
}

func (e *attemptTimeoutError) Error() string {
	return fmt.Sprintf("the attempt took longer than %v (WithTimeout)", e.limit)
}

func (e *attemptTimeoutError) Unwrap() error { return e.cause }

// trace sees whether an attempt ever had a connection to send on.
type trace struct {
	asked, got atomic.Bool
}

func (t *trace) hooks() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GetConn: func(string) { t.asked.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { t.got.Store(true) },
	}
}

// notSent is true only on evidence: a transport that does not report to the
// trace, as a user's own may, is believed only if it could not connect.
func (t *trace) notSent(err error) bool {
	return !t.got.Load() && (t.asked.Load() || couldNotConnect(err))
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
