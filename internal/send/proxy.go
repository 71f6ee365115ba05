package send

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"reflect"
	"strings"
	"sync/atomic"
)

// proxyError says why a proxy did not let a request through. The service has
// received nothing of it.
type proxyError struct {
	text      string
	cause     error // nil if there is none, or if it may hold a password
	permanent bool  // another attempt would meet it again
}

func (e *proxyError) Error() string { return e.text }
func (e *proxyError) Unwrap() error { return e.cause }

func isPermanentProxyError(err error) bool {
	var e *proxyError
	return errors.As(err, &e) && e.permanent
}

// passage is how one request gets to the service through t.
type passage struct {
	proxy     *url.URL // nil if it goes there directly
	plain     bool     // the proxy reads the request and responds to it
	connected atomic.Bool
}

// passageOf asks t which proxy it uses for req, and refuses one that it could
// not use.
func passageOf(t *http.Transport, req *http.Request) (*passage, error) {
	if t.Proxy == nil {
		return &passage{}, nil
	}
	proxy, err := t.Proxy(req)
	switch {
	case err != nil:
		return nil, noProxy(err)
	case proxy == nil:
		return &passage{}, nil
	case proxy.Hostname() == "" || !ValidPort(proxy):
		return nil, malformedProxy("it names no host and port")
	}
	switch proxy.Scheme {
	case "http", "https":
		return &passage{proxy: proxy, plain: req.URL.Scheme == "http"}, nil
	case "socks5", "socks5h":
		return &passage{proxy: proxy}, nil
	}
	return nil, malformedProxy("its scheme is none of http, https, socks5 and socks5h")
}

func malformedProxy(why string) error {
	return &proxyError{text: "the proxy's address is malformed: " + why, permanent: true}
}

// noProxy describes the error of a transport's Proxy function. The text of an
// error about an address holds the address, and so perhaps a password.
func noProxy(err error) error {
	text := BareCause(err).Error()
	switch {
	case errors.As(err, new(*url.Error)) || strings.HasPrefix(text, "invalid proxy address"):
		return malformedProxy("it can't be parsed (it is not shown: it may hold a password)")
	case strings.ContainsAny(text, "@") || strings.Contains(text, "://"):
		return &proxyError{text: "no proxy could be chosen (the reason is not shown: it may hold a password)"}
	}
	return &proxyError{text: "no proxy could be chosen: " + text, cause: err}
}

type passageKey struct{}

// watch returns req with a trace that notes when the request has a connection
// to the service, and with p for chosenProxy.
func (p *passage) watch(req *http.Request) *http.Request {
	if p.proxy == nil {
		return req
	}
	hooks := &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { p.connected.Store(true) }}
	ctx := context.WithValue(req.Context(), passageKey{}, p)
	return req.WithContext(httptrace.WithClientTrace(ctx, hooks))
}

// chosenProxy is the Proxy function of our copies of a transport. The user's
// function has been asked by then: it may choose another proxy each time.
func chosenProxy(req *http.Request) (*url.URL, error) {
	if p, ok := req.Context().Value(passageKey{}).(*passage); ok {
		return p.proxy, nil
	}
	return nil, nil //nolint:nilnil // which is how a Proxy function says that there is none
}

// isFromEnvironment reports whether proxy is [http.ProxyFromEnvironment], which
// always chooses the same proxy for the same URL. A function of which nothing is
// known has another address.
func isFromEnvironment(proxy func(*http.Request) (*url.URL, error)) bool {
	return reflect.ValueOf(proxy).Pointer() == reflect.ValueOf(http.ProxyFromEnvironment).Pointer()
}

// explain returns resp and err, or an error about the proxy if that is what
// they are about.
func (p *passage) explain(ctx context.Context, resp *http.Response, err error) (*http.Response, error) {
	switch {
	case p.proxy == nil:
	case err != nil && !p.connected.Load() && ctx.Err() == nil:
		return nil, notThrough(err)
	case err == nil && p.plain && resp.StatusCode == http.StatusProxyAuthRequired && resp.Header.Get("Proxy-Authenticate") != "":
		resp.Body.Close()
		return nil, proxyRefusal(resp.StatusCode)
	}
	return resp, err
}

// notThrough describes the lack of a connection to the service through a proxy.
func notThrough(err error) error {
	var op *net.OpError
	atProxy := errors.As(err, &op) && op.Op == "proxyconnect"
	switch {
	case errors.As(err, new(*proxyError)), IsUntrusted(err) && !atProxy: // or it is the service's certificate
		return err
	case atProxy:
		return &proxyError{text: "the proxy is unreachable: " + op.Err.Error(), cause: err}
	}
	text := err.Error()
	for status := 300; status <= 599; status++ { // which is all that net/http keeps of a response to CONNECT
		if text != "" && text == http.StatusText(status) {
			return proxyRefusal(status)
		}
	}
	return &proxyError{text: strings.TrimSuffix("no connection through the proxy: "+text, ": "), cause: err}
}

// proxyRefusal describes a response of the proxy itself.
func proxyRefusal(status int) error {
	text := strings.TrimSpace(fmt.Sprintf("the proxy refused the connection: %d %s", status, http.StatusText(status)))
	if status == http.StatusProxyAuthRequired {
		text += "; its address lacks a user name and password, or has wrong ones"
	}
	switch {
	case status == http.StatusTooManyRequests, status == http.StatusRequestTimeout, isTemporary(status):
		return &proxyError{text: text}
	}
	return &proxyError{text: text, permanent: true}
}

// refuseConnect returns a hook of transports that keeps the status of a proxy
// that refuses CONNECT, after next, which may be nil.
func refuseConnect(next connectHook) connectHook {
	return func(ctx context.Context, proxy *url.URL, req *http.Request, resp *http.Response) error {
		if next != nil {
			if err := next(ctx, proxy, req, resp); err != nil {
				return err
			}
		}
		if resp.StatusCode != http.StatusOK {
			return proxyRefusal(resp.StatusCode)
		}
		return nil
	}
}

type connectHook = func(ctx context.Context, proxy *url.URL, req *http.Request, resp *http.Response) error
