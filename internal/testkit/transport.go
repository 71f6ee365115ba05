package testkit

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"testing"
)

// RoundTripFunc is a function that is an [http.RoundTripper].
type RoundTripFunc func(*http.Request) (*http.Response, error)

// RoundTrip calls f.
func (f RoundTripFunc) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// DoerFunc is a function that has the Do method of an [http.Client].
type DoerFunc func(*http.Request) (*http.Response, error)

// Do calls f.
func (f DoerFunc) Do(req *http.Request) (*http.Response, error) { return f(req) }

// Canned is a transport that gives every request the same response, or the
// same error, without a network.
type Canned struct {
	Status int
	Header http.Header
	Body   []byte
	Err    error
}

// RoundTrip returns a new response with c's status, header and body.
func (c Canned) RoundTrip(req *http.Request) (*http.Response, error) {
	_ = req.Body.Close()
	if c.Err != nil {
		return nil, c.Err
	}
	return &http.Response{
		StatusCode: c.Status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: req,
		Header: c.Header.Clone(), Body: io.NopCloser(bytes.NewReader(c.Body)), ContentLength: -1,
	}, nil
}

// Transport returns a copy of [http.DefaultTransport] whose idle connections
// are closed when the test ends.
func Transport(tb testing.TB) *http.Transport {
	tb.Helper()
	transport := http.DefaultTransport.(*http.Transport).Clone()
	tb.Cleanup(transport.CloseIdleConnections)
	return transport
}

// Dialling returns a transport whose nth connection leads to the nth address,
// and all later connections to the last one, whatever the URL says.
func Dialling(tb testing.TB, addresses ...string) *http.Transport {
	tb.Helper()
	var n atomic.Int32
	transport := Transport(tb)
	transport.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, addresses[min(int(n.Add(1)), len(addresses))-1])
	}
	return transport
}
