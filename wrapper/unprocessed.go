package wrapper

import (
	"net/http"
	"regexp"
)

// sendOnce keeps net/http from sending a request a second time by itself. It does
// so not only where the first was certainly not processed: PROTOCOL_ERROR on an
// HTTP/2 stream is enough for it, or a header named Idempotency-Key. Without
// GetBody it can't, and the retryDoer decides.
func sendOnce(req *http.Request) { req.GetBody = nil }

// unprocessed is what net/http then says of a request that never went on an
// HTTP/2 stream, or on one that is guaranteed to be unprocessed (RFC 9113, 8.7).
var unprocessed = regexp.MustCompile(`^http2: (client conn could not be established$|` +
	`Transport: cannot retry err \[(` +
	`stream error: stream ID \d+; REFUSED_STREAM; received from peer|` +
	`http2: Transport received Server's graceful shutdown GOAWAY)\])`)

// unprocessedError says so in words for our users.
type unprocessedError struct{ cause error }

func (e *unprocessedError) Error() string {
	return "by the rules of HTTP/2 the request was not processed"
}
func (e *unprocessedError) Unwrap() error { return e.cause }

func withUnprocessed(err error) error {
	if unprocessed.MatchString(bareCause(err).Error()) {
		return &unprocessedError{err}
	}
	return err
}
