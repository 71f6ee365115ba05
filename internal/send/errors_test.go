package send

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestIsTransient(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		err  error
		want bool
	}{
		"connection lost":       {io.ErrUnexpectedEOF, true},
		"refused":               {&net.OpError{Op: "dial", Err: errors.New("refused")}, true},
		"DNS for now":           {&net.DNSError{IsTemporary: true}, true},
		"no such host":          {&net.OpError{Op: "dial", Err: &net.DNSError{IsNotFound: true}}, false},
		"context ended":         {Ended(context.Canceled, io.EOF), false},
		"unknown authority":     {fmt.Errorf("tls: %w", x509.UnknownAuthorityError{}), false},
		"another host's":        {x509.HostnameError{Certificate: &x509.Certificate{}}, false},
		"certificate not valid": {&tls.CertificateVerificationError{Err: io.EOF}, false},
	}
	for name, tt := range tests {
		if got := IsTransient(tt.err); got != tt.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

func TestEndedKeepsBothErrors(t *testing.T) {
	t.Parallel()
	cause := errors.New("shutting down")
	ctx, cancel := context.WithCancelCause(t.Context())
	if err := WithContext(ctx, io.EOF); !errors.Is(err, io.EOF) || errors.Is(err, context.Canceled) || err.Error() != "EOF" {
		t.Errorf("a live context: %v", err)
	}
	cancel(cause)
	err := WithContext(ctx, &url.Error{Op: "Post", URL: "http://x.test/secret", Err: cause})
	if !errors.Is(err, context.Canceled) || !errors.Is(err, cause) || strings.Contains(err.Error(), "secret") {
		t.Errorf("got %v", err)
	}
	if err := WithContext(ctx, context.Canceled); err.Error() != "context canceled" {
		t.Errorf("said twice: %v", err)
	}
}

// net/http says that a request never went on an HTTP/2 stream in texts only.
func TestUnprocessedRequestsWereNotSent(t *testing.T) {
	t.Parallel()
	tests := map[string]bool{
		"http2: client conn could not be established": true,
		"http2: Transport: cannot retry err [stream error: stream ID 5; REFUSED_STREAM; received from peer] after Request.Body was written":       true,
		"http2: Transport: cannot retry err [http2: Transport received Server's graceful shutdown GOAWAY] after Request.Body was written; define": true,
		"http2: Transport: cannot retry err [stream error: stream ID 5; PROTOCOL_ERROR; received from peer] after Request.Body was written":       false,
		"http2: server sent GOAWAY and closed the connection; LastStreamID=1, ErrCode=NO_ERROR":                                                   false,
		"said by the server: http2: client conn could not be established":                                                                         false,
		"stream error: stream ID 5; REFUSED_STREAM; received from peer":                                                                           false,
	}
	for text, want := range tests {
		client := transport(func(*http.Request) (*http.Response, error) {
			return nil, &url.Error{Op: "Post", URL: "https://x.test", Err: errors.New(text)}
		})
		r := (&Sender{Client: client}).Send(post(t.Context(), t, "https://x.test", "x"), EachTime, nil)
		if got := r.Outcome == NotSent; got != want {
			t.Errorf("%s: not sent is %t", text, got)
		}
	}
}

func TestCheckHeader(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		header http.Header
		bad    string
		ok     bool
	}{
		"plain":                {http.Header{"X-Tenant": {"a"}}, "", true},
		"tab, beyond ASCII":    {http.Header{"X-Tenant": {"a\tb é"}}, "", true},
		"line feed in a value": {http.Header{"X-Tenant": {"a\nX: 1"}}, "X-Tenant", false},
		"NUL in a value":       {http.Header{"X-Tenant": {"a\x00"}}, "X-Tenant", false},
		"DEL in a value":       {http.Header{"X-Tenant": {"\x7f"}}, "X-Tenant", false},
		"space in a name":      {http.Header{"X Tenant": {"a"}}, "X Tenant", false},
		"colon in a name":      {http.Header{"X:Tenant": {"a"}}, "X:Tenant", false},
		"non-ASCII name":       {http.Header{"X-Ténant": {"a"}}, "X-Ténant", false},
		"empty name":           {http.Header{"": {"a"}}, "", false},
	}
	for name, tt := range tests {
		if bad, ok := CheckHeader(tt.header); ok != tt.ok || bad != tt.bad {
			t.Errorf("%s: %q, %t", name, bad, ok)
		}
	}
}

func TestIsEndOf(t *testing.T) {
	t.Parallel()
	mine := errors.New("mine")
	ended, cancel := context.WithCancelCause(t.Context())
	cancel(mine)
	for name, tt := range map[string]struct {
		ctx  context.Context
		err  error
		want bool
	}{
		"its error":              {ended, fmt.Errorf("x: %w", context.Canceled), true},
		"its cause":              {ended, fmt.Errorf("x: %w", mine), true},
		"another error":          {ended, io.EOF, false},
		"a context that goes on": {t.Context(), context.Canceled, false},
		"no error":               {ended, nil, false},
	} {
		if got := IsEndOf(tt.ctx, tt.err); got != tt.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}
