package cli

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

func TestSecret(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"sk-12345", ` "sk-12345" `, "Bearer sk-12345", `'Bearer sk-12345'`} {
		s := new(Secret)
		if got := s.Text("a sk-12345 b"); got != "a sk-12345 b" {
			t.Errorf("without a key: %q", got)
		}
		s.Set(key)
		if got := s.Text("a sk-12345 b"); got != "a [redacted] b" {
			t.Errorf("%q: %q", key, got)
		}
	}
	var none *Secret
	none.Set("sk-12345")
	if got := none.Text("sk-12345"); got != "sk-12345" {
		t.Errorf("nil: %q", got)
	}
}

// Everything that is reported passes by the secret, and so does the last line on standard
// error.
func TestTheKeyIsNotPrinted(t *testing.T) {
	t.Parallel()
	secret := new(Secret)
	secret.Set(`sk-"12345\`)
	for _, asJSON := range []bool{false, true} {
		var out bytes.Buffer
		r := NewReporter(&out, asJSON)
		r.Hide(secret)
		r.Report(pair{a: `the service said: sk-"12345\ is your key`})
		if !strings.Contains(out.String(), "the service said: [redacted] is your key") || strings.Contains(out.String(), "12345") {
			t.Errorf("JSON %v: %s", asJSON, out.String())
		}
	}
	var out bytes.Buffer
	root := NewRoot("test")
	root.RunE = func(*cobra.Command, []string) error { return errors.New(`sk-"12345\`) }
	Run(context.Background(), Env{Stdout: &out, Stderr: &out, Secret: secret}, root, nil)
	if out.String() != "tensorslab: [redacted]\n" {
		t.Errorf("stderr %q", out.String())
	}
}
