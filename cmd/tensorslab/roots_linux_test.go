package main

import (
	"crypto/x509"
	"os"
	"os/exec"
	"testing"
)

// A system without certificate authorities, such as the container of a release, can still call
// the service. This binary runs again, since a process looks for them once.
func TestCertificatesWithoutThoseOfTheSystem(t *testing.T) {
	t.Parallel()
	const nowhere = "/nonexistent"
	if os.Getenv("SSL_CERT_FILE") != nowhere {
		cmd := exec.CommandContext(within(t), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
		cmd.Env = append(os.Environ(), "SSL_CERT_FILE="+nowhere, "SSL_CERT_DIR="+nowhere)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, out)
		}
		return
	}
	pool, err := x509.SystemCertPool()
	if err != nil || pool.Equal(x509.NewCertPool()) {
		t.Errorf("there are no certificate authorities: %v", err)
	}
}
