package send

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

func TestDefaultTransport(t *testing.T) {
	t.Parallel()
	ours := newTransport().(*http.Transport)
	theirs := http.DefaultTransport.(*http.Transport)
	if ours == theirs || ours.MaxIdleConnsPerHost != MaxConnections || ours.MaxConnsPerHost != MaxConnections || ours.MaxResponseHeaderBytes != MaxHeaderBytes {
		t.Errorf("not a tuned clone: %+v", ours)
	}
	if ours.Proxy == nil || ours.DialContext == nil || !ours.ForceAttemptHTTP2 || ours.TLSHandshakeTimeout != theirs.TLSHandshakeTimeout {
		t.Error("proxy, dialer, HTTP/2 or the handshake's timeout was lost")
	}
}

// watchedServer reports each connection that the client has closed.
func watchedServer(t *testing.T) (url string, closed chan net.Conn) {
	t.Helper()
	closed = make(chan net.Conn, 100)
	server := httptest.NewUnstartedServer(status(200))
	server.Config.ConnState = func(c net.Conn, state http.ConnState) {
		if state == http.StateClosed {
			closed <- c
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	return server.URL, closed
}

func get(t *testing.T, client *http.Client, url string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		t.Fatal(err)
	}
}

func wantClosed(t *testing.T, closed chan net.Conn) {
	t.Helper()
	select {
	case <-closed:
	case <-time.After(20 * time.Second):
		t.Error("the idle connection is still open")
	}
}

// The pool of a client without a transport is private: nothing else can close it.
func TestCloseIdleConnections(t *testing.T) {
	t.Parallel()
	tests := map[string]http.RoundTripper{"ours": nil, "the user's": &http.Transport{}, "the user's own type": &adding{&http.Transport{}}}
	for name, given := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, closed := watchedServer(t)
			client, _ := NewClient(&http.Client{Transport: given}, 0)
			get(t, client, url)
			(&Sender{Client: client}).CloseIdleConnections()
			wantClosed(t, closed)
		})
	}
	client, _ := NewClient(&http.Client{Transport: roundTripper(nil)}, 0)
	for _, nothingToCall := range []Doer{client, doerFunc(nil), nil} {
		(&Sender{Client: nothingToCall}).CloseIdleConnections()
	}
}

// adding is a transport of another type.
type adding struct{ *http.Transport }

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

func TestThrough(t *testing.T) {
	t.Parallel()
	other := doerFunc(func(*http.Request) (*http.Response, error) { return nil, nil })
	given := &http.Client{Timeout: time.Hour}
	var none *http.Client
	for name, tt := range map[string]struct {
		doer Doer
		want time.Duration
	}{"no doer": {nil, time.Minute}, "no client": {none, time.Minute}, "a client": {given, time.Hour}} {
		doer, timeout := Through(tt.doer, time.Minute)
		if hc, ok := doer.(*http.Client); !ok || hc == given || hc.CheckRedirect == nil || timeout != tt.want {
			t.Errorf("%s: %T, %v", name, doer, timeout)
		}
	}
	if doer, timeout := Through(other, time.Minute); doer == nil || timeout != 0 {
		t.Errorf("another doer: %T, %v", doer, timeout)
	} else if _, ok := doer.(doerFunc); !ok {
		t.Errorf("another doer is replaced by %T", doer)
	}
}
