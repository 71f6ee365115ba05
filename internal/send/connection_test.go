package send

import (
	"crypto/tls"
	"net/http"
	"testing"
	"time"
)

// What a connection of its own takes over from the transport, and what not.
func TestDedicated(t *testing.T) {
	t.Parallel()
	only1 := new(http.Protocols)
	only1.SetHTTP1(true)
	tests := map[string]struct {
		transport *http.Transport
		http2     bool
	}{
		"empty":                  {&http.Transport{}, true},
		"TLS settings":           {&http.Transport{TLSClientConfig: &tls.Config{}}, false},
		"TLS settings, forced":   {&http.Transport{TLSClientConfig: &tls.Config{}, ForceAttemptHTTP2: true}, true},
		"HTTP/1 by Protocols":    {&http.Transport{Protocols: only1}, false},
		"HTTP/1 by TLSNextProto": {&http.Transport{TLSNextProto: map[string]func(string, *tls.Conn) http.RoundTripper{}}, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			given := tt.transport
			given.MaxConnsPerHost, given.MaxIdleConns, given.ResponseHeaderTimeout = 3, 4, time.Minute
			own := dedicated(given)
			if own == given || !own.DisableKeepAlives || own.MaxConnsPerHost != 0 || own.ResponseHeaderTimeout != time.Minute || own.ExpectContinueTimeout != expectTimeout {
				t.Errorf("got %+v", own)
			}
			if given.DisableKeepAlives || given.MaxConnsPerHost != 3 || given.DialContext != nil || given.ExpectContinueTimeout != 0 || given.OnProxyConnectResponse != nil {
				t.Errorf("the given transport was changed: %+v", given)
			}
			own.Clone() // which makes own decide
			if _, ok := own.TLSNextProto["h2"]; ok != tt.http2 {
				t.Errorf("HTTP/2: %t, want %t", ok, tt.http2)
			}
		})
	}
	shared := make([]string, 1, 3)
	if own := dedicated(&http.Transport{TLSClientConfig: &tls.Config{NextProtos: shared}}); &own.TLSClientConfig.NextProtos[0] == &shared[0] {
		t.Error("requests at the same time would write into the same list of protocols")
	}
	if own := dedicated(&http.Transport{ExpectContinueTimeout: time.Hour}); own.ExpectContinueTimeout != time.Hour {
		t.Errorf("ExpectContinueTimeout is %v", own.ExpectContinueTimeout)
	}
}
