package fakeapi_test

import (
	"context"
	"net"
	"net/http"
	"testing"

	"github.com/tensorslab/tensorslab-go/fakeapi"
)

func TestUntrustedClient(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t, fakeapi.WithTLS())
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	res, err := (&http.Client{Transport: transport}).Do(deletion(t, srv))
	if err == nil {
		res.Body.Close()
		t.Fatal("a client that does not know the certificate got a response")
	}
}

// The name in the certificate is that of any loopback address.
func TestCertificateNames(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t, fakeapi.WithTLS())
	transport := srv.Client().Transport.(*http.Transport).Clone()
	defer transport.CloseIdleConnections()
	transport.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, hostOf(t, srv))
	}
	client := &http.Client{Transport: transport}
	for host, ok := range map[string]bool{"localhost": true, "[::1]": true, "127.0.0.1": true, "example.com": false} {
		res, err := client.Get("https://" + host + "/")
		if (err == nil) != ok {
			t.Errorf("%s: error %v, want one: %t", host, err, !ok)
		}
		if err == nil {
			res.Body.Close()
		}
	}
}

func TestCertificateHasTheListeningHost(t *testing.T) {
	t.Parallel()
	for _, host := range []string{"localhost", "127.0.0.1"} {
		srv := fakeapi.Start(t, fakeapi.WithTLS(), fakeapi.WithAddr(host+":0"), fakeapi.WithTasks("a"))
		wantJSON(t, send(srv, deletion(t, srv, "a")), 200, successBody)
	}
}
