package codegen

import (
	"context"
	"errors"
	"os/exec"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestRun(t *testing.T) {
	t.Parallel()
	out, err := Run(context.Background(), t.TempDir(), nil, "go", "env", "GOWORK")
	if err != nil || strings.TrimSpace(out) != "off" {
		t.Errorf("Run = %q, %v; want off", out, err)
	}
	_, err = Run(context.Background(), t.TempDir(), nil, "go", "none")
	oneLine(t, err)
	if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) || !strings.Contains(err.Error(), "go none: unknown command") {
		t.Errorf("%v is not what the go command says", err)
	}
	_, err = Run(context.Background(), t.TempDir(), nil, "tensorslab-no-such-program")
	oneLine(t, err)
	if !errors.Is(err, exec.ErrNotFound) {
		t.Errorf("%v; want %v", err, exec.ErrNotFound)
	}
}

func TestRunAddsToTheEnvironment(t *testing.T) {
	t.Parallel()
	env := []string{"GOOS=plan9", "GOFLAGS=-mod=mod"}
	out, err := Run(context.Background(), t.TempDir(), env, "go", "env", "GOOS", "GOFLAGS", "GOWORK")
	if want := "plan9\n-mod=mod\noff\n"; err != nil || strings.ReplaceAll(out, "\r", "") != want {
		t.Errorf("Run = %q, %v; want %q", out, err, want)
	}
}

func TestStream(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	if err := Stream(context.Background(), &out, t.TempDir(), nil, "go", "env", "GOWORK"); err != nil || !strings.HasSuffix(strings.TrimSpace(out.String()), "off") {
		t.Errorf("Stream = %q, %v; want off", out.String(), err)
	}
	out.Reset()
	err := Stream(context.Background(), &out, t.TempDir(), nil, "go", "none")
	if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) || !strings.Contains(out.String(), "go none: unknown command") {
		t.Errorf("%v, and %q, which is not what the go command says", err, out.String())
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	stop := errors.New("stopped by hand")
	cancel(stop)
	if err := Stream(ctx, &out, t.TempDir(), nil, "go", "env"); !errors.Is(err, stop) {
		t.Errorf("%v; want %v", err, stop)
	}
}

func TestErrorText(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, stderr, want string }{
		{"nothing", "", ""},
		{"blank lines", " \n\t\r\n", ""},
		{"one line", "error: no\n", "error: no"},
		{"no line end", "error: no", "error: no"},
		{"lines", "# pkg\r\na.go:1:2: no\r\n\tmore\n", "# pkg; a.go:1:2: no; more"},
		{"a lone colon", "in openapi.json\n: failed\n", "in openapi.json; failed"},
		{"a line that goes on", "to add:\n\tgo get x\nno\n", "to add: go get x; no"},
		{"downloads", "go: downloading a v1\ngo: downloading b v1\nno\n", "no"},
		{"long", strings.Repeat("é", maxErrorText), strings.Repeat("é", maxErrorText/2) + "…"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := errorText(tt.stderr); got != tt.want {
				t.Errorf("%q; want %q", got, tt.want)
			}
		})
	}
}

func TestShorten(t *testing.T) {
	t.Parallel()
	for limit := range 6 {
		got := shorten("aéé€", limit)
		if !utf8.ValidString(got) || !strings.HasSuffix(got, "…") || len(got) > limit+len("…") {
			t.Errorf("shorten to %d: %q", limit, got)
		}
	}
	if got := shorten("aéé€", len("aéé€")); got != "aéé€" {
		t.Errorf("at the limit: %q", got)
	}
}
