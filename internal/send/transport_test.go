package send

import (
	"net/http"
	"testing"
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
