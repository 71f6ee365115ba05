package wrapper

import (
	"errors"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// apiError describes an answer that is not a success. Everything in it that
// came from the other end is searched for the key.
func (c *call) apiError(resp *http.Response, o outcome) *APIError {
	code, msg, _ := parseBody(c.answer.data).envelope()
	return &APIError{
		Operation:     c.op.id,
		HTTPStatus:    resp.StatusCode,
		Code:          code,
		Message:       strings.Clone(c.redactor.text(msg)), // not a part of the whole body
		RequestID:     c.requestID(resp),
		RetryAfter:    retryAfter(resp.Header, time.Now()),
		Attempts:      c.attempts,
		Body:          c.redactor.head(c.answer.data, MaxErrorBodyBytes),
		outcome:       c.outcome(o),
		unknownBefore: c.unknownBefore,
		idempotent:    c.op.idempotent,
		bearer:        c.bearer,
		cause:         errors.Join(c.answer.err, c.ended),
	}
}

func (c *call) contractError(resp *http.Response, found []Violation) *ContractError {
	return &ContractError{
		Operation:     c.op.id,
		HTTPStatus:    resp.StatusCode,
		Violations:    c.redactor.violations(found),
		RequestID:     c.requestID(resp),
		Attempts:      c.attempts,
		outcome:       c.outcome(outcomeUnknown),
		unknownBefore: c.unknownBefore,
		idempotent:    c.op.idempotent,
	}
}

func (c *call) requestID(resp *http.Response) string {
	return cut(c.redactor.text(resp.Header.Get("X-Request-Id")), maxRequestIDText)
}

// retryAfter reads the Retry-After header (RFC 9110, 10.2.3), which comes in
// seconds or as a date. What is past, negative or malformed is 0; what
// overflows is the longest Duration.
func retryAfter(header http.Header, now time.Time) time.Duration {
	value := strings.TrimSpace(header.Get("Retry-After"))
	if isDigits(value) {
		seconds, err := strconv.ParseInt(value, 10, 64)
		if err != nil || seconds > int64(math.MaxInt64/time.Second) {
			return math.MaxInt64
		}
		return time.Duration(seconds) * time.Second
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	return max(at.Sub(now), 0)
}

func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}
