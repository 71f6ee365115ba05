package send

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/url"
	"regexp"
	"strings"
)

// ErrTooLarge is the error of a response body with more bytes than allowed.
var ErrTooLarge = errors.New("the response is larger than the limit")

// endedError says that the caller's context ended a request. net/http reports
// only the cause given to WithCancelCause, which would hide the context's error.
type endedError struct {
	ctxErr error
	cause  error
}

func (e *endedError) Error() string {
	if text := BareCause(e.cause).Error(); text != e.ctxErr.Error() {
		return e.ctxErr.Error() + ": " + text
	}
	return e.ctxErr.Error()
}

func (e *endedError) Unwrap() []error { return []error{e.ctxErr, e.cause} }

func isEnded(err error) bool { return errors.As(err, new(*endedError)) }

// WithContext returns err, which may be that of a transport of the user's, as [Foreign] does,
// joined with the error of ctx if ctx has ended. Of a response that can't be parsed, which
// net/http quotes, its text holds nothing.
func WithContext(ctx context.Context, err error) error {
	err = withoutQuoted(err)
	if ctx.Err() == nil {
		return Foreign(err)
	}
	return Ended(ctx.Err(), err)
}

// Ended returns an error that says that a context ended with ctxErr and why. It
// unwraps to both, to the cause as [Foreign] returns it.
func Ended(ctxErr, cause error) error { return &endedError{ctxErr: ctxErr, cause: Foreign(cause)} }

// IsEndOf reports whether ctx has ended and err is its error or the cause of it.
func IsEndOf(ctx context.Context, err error) bool {
	return ctx.Err() != nil && (errors.Is(err, ctx.Err()) || errors.Is(err, context.Cause(ctx)))
}

// BareCause returns err without the method and URL that net/http puts before it.
func BareCause(err error) error {
	if f, ok := err.(foreign); ok { //nolint:errorlint // only the outermost counts
		err = f.err
	}
	if u, ok := err.(*url.Error); ok { //nolint:errorlint // an error that wraps it has a text of its own
		return u.Err
	}
	return err
}

// IsTransient reports whether a request that failed with err, without a
// response, may succeed when it is sent again.
func IsTransient(err error) bool {
	var dns *net.DNSError
	return !isEnded(err) && !IsUntrusted(err) && !isPermanentProxyError(err) && !(errors.As(err, &dns) && dns.IsNotFound)
}

// IsUntrusted reports whether TLS ended before a request could be sent, for a
// reason that another attempt will meet again.
func IsUntrusted(err error) bool {
	var verification *tls.CertificateVerificationError
	var authority x509.UnknownAuthorityError
	var hostname x509.HostnameError
	return errors.As(err, &verification) || errors.As(err, &authority) || errors.As(err, &hostname)
}

// unprocessed is a pattern of what net/http says of a request that never went on an
// HTTP/2 stream, or on one that is guaranteed to be unprocessed (RFC 9113,
// section 8.7).
const unprocessed = `^http2: (client conn could not be established$|` +
	`Transport: cannot retry err \[(` +
	`stream error: stream ID \d+; REFUSED_STREAM; received from peer|` +
	`http2: Transport received Server's graceful shutdown GOAWAY)\])`

// unprocessedError says so in words for our users.
type unprocessedError struct{ cause error }

func (e *unprocessedError) Error() string {
	return "by the rules of HTTP/2 the request was not processed"
}
func (e *unprocessedError) Unwrap() error { return e.cause }

func withUnprocessed(err error) error {
	text := BareCause(err).Error()
	// Compiling the pattern takes a program longer than all that it matches.
	if strings.HasPrefix(text, "http2: ") && regexp.MustCompile(unprocessed).MatchString(text) {
		return &unprocessedError{err}
	}
	return err
}
