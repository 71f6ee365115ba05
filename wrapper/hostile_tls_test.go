package wrapper_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

// authority signs the certificates of these tests.
type authority struct {
	pool *x509.CertPool
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test authority"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	a := &authority{pool: x509.NewCertPool(), cert: template}
	a.cert, a.key = a.sign(t, template)
	a.pool.AddCert(a.cert)
	return a
}

func (a *authority) sign(t *testing.T, template *x509.Certificate) (*x509.Certificate, *ecdsa.PrivateKey) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signer := a.key
	if signer == nil {
		signer = key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, key.Public(), signer)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert, key
}

// config is that of a server at ip until the given time.
func (a *authority) config(t *testing.T, ip string, until time.Time) *tls.Config {
	t.Helper()
	cert, key := a.sign(t, &x509.Certificate{
		SerialNumber: big.NewInt(2), IPAddresses: []net.IP{net.ParseIP(ip)},
		NotBefore: time.Now().Add(-2 * time.Hour), NotAfter: until,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	})
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{cert.Raw}, PrivateKey: key}}, MinVersion: tls.VersionTLS10}
}

// In all of these the request had nothing to travel on, so nothing was sent.
// What another attempt will meet again is not tried again.
func TestHostileTLS(t *testing.T) {
	t.Parallel()
	trusted, unknown := newAuthority(t), newAuthority(t)
	soon, past := time.Now().Add(time.Hour), time.Now().Add(-time.Hour)
	old := trusted.config(t, "127.0.0.1", soon)
	old.MaxVersion = tls.VersionTLS11
	noCert := trusted.config(t, "127.0.0.1", soon)
	noCert.Certificates = nil
	noCert.GetCertificate = func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return nil, nil }
	tests := []struct {
		name        string
		serve       func(*peer)
		least, most int // attempts
		want        verdict
	}{
		{"as it should be", tlsPeer(trusted.config(t, "127.0.0.1", soon), answered(rawSuccess)), 1, 1, success("Successfully", "Success")},
		{"unknown authority", tlsPeer(unknown.config(t, "127.0.0.1", soon), answered(rawSuccess)), 1, 1, notSent()},
		{"another host's certificate", tlsPeer(trusted.config(t, "192.0.2.1", soon), answered(rawSuccess)), 1, 1, notSent()},
		{"expired", tlsPeer(trusted.config(t, "127.0.0.1", past), answered(rawSuccess)), 1, 1, notSent()},
		{"TLS 1.1 at the most", tlsPeer(old, answered(rawSuccess)), 1, 3, notSent()},
		{"no certificate", tlsPeer(noCert, answered(rawSuccess)), 1, 3, notSent()},
		{"plain HTTP on the https port", func(p *peer) { _, _ = p.in.Peek(1); p.send(rawSuccess) }, 1, 3, notSent()},
		{"not TLS", func(p *peer) { _, _ = p.in.Peek(1); p.send("SSH-2.0-OpenSSH_9.9\r\n"); p.stall() }, 1, 3, notSent()},
		{"closed at once", func(*peer) {}, 3, 3, notSent()},
		{"closed after the client's hello", func(p *peer) { _, _ = p.in.Peek(1) }, 3, 3, notSent()},
		{"reset after the client's hello", func(p *peer) { _, _ = p.in.Peek(1); p.reset() }, 3, 3, notSent()},
		{"stall in the handshake", (*peer).stall, 3, 3, notSent(context.DeadlineExceeded)},
		{"closed after the handshake", tlsPeer(trusted.config(t, "127.0.0.1", soon), func(*peer) {}), 3, 3, lost()},
		{"closed in the body", tlsPeer(trusted.config(t, "127.0.0.1", soon), answered(rawSuccess[:len(rawSuccess)-1])), 3, 3, lost()},
		{"garbage after the handshake", func(p *peer) {
			if tls.Server(p, trusted.config(t, "127.0.0.1", soon)).Handshake() == nil {
				p.send(rawSuccess)
			}
		}, 3, 3, lost()},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			transport := ownTransport(t)
			transport.TLSClientConfig = &tls.Config{RootCAs: trusted.pool}
			options := []wrapper.Option{fast}
			if len(tt.want.sentinels) > 1 {
				options = append(options, wrapper.WithTimeout(50*time.Millisecond))
			}
			client := newHostileClient(t, "https://"+listen(t, tt.serve), transport, options...)
			ctx, cancel := context.WithTimeout(t.Context(), hangGuard)
			defer cancel()
			_, err := client.DeleteImagesTask(ctx, oneID)
			checkFault(t, err, tt.want, within(err, tt.least, tt.most))
		})
	}
}

// TLS on a port that is used as http: the request goes out, and what answers
// is no HTTP.
func TestHostileTLSOnAnHTTPPort(t *testing.T) {
	t.Parallel()
	trusted := newAuthority(t)
	serve := tlsPeer(trusted.config(t, "127.0.0.1", time.Now().Add(time.Hour)), answered(rawSuccess))
	client := newHostileClient(t, "http://"+listen(t, serve), ownTransport(t), fast)
	_, err := client.DeleteImagesTask(t.Context(), oneID)
	checkFault(t, err, lost(), 3)
}

// tlsPeer serves what a TLS client sends after the handshake.
func tlsPeer(config *tls.Config, serve func(*peer)) func(*peer) {
	return func(p *peer) {
		conn := tls.Server(p.Conn, config)
		defer conn.Close()
		if conn.Handshake() == nil {
			serve(newPeer(conn))
		}
	}
}
