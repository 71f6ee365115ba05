package main

import (
	"context"
	"io"
	"strings"
	"testing"
)

func TestAsk(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]int{
		"y\n": statusOK, "Y\r\n": statusOK, " yes \n": statusOK, "YES\n": statusOK, "y": statusOK,
		"n\n": statusFailed, "\n": statusFailed, "": statusFailed, "yep\n": statusFailed, "no\ny\n": statusFailed,
	} {
		var out strings.Builder
		err := ask(t.Context(), env{stdin: strings.NewReader(answer), stderr: &out}, 12)
		if statusOf(err) != want {
			t.Errorf("answer %q: %v, want status %d", answer, err, want)
		}
		wantText(t, "prompt", strings.TrimSuffix(out.String(), "\n"), "Delete 12 image tasks? [y/N] ")
	}
}

func TestAskInterrupted(t *testing.T) {
	t.Parallel()
	r, w := io.Pipe()
	defer w.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out strings.Builder
	err := ask(ctx, env{stdin: r, stderr: &out}, 1)
	if statusOf(err) != statusInterrupted {
		t.Errorf("error %v", err)
	}
	wantText(t, "prompt", out.String(), "Delete 1 image task? [y/N] \n")
}

func TestConfirmAsksNobody(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	e := env{stdin: strings.NewReader("n\n"), stderr: &out}
	for name, f := range map[string]deleteFlags{"a pipe": {}, "--yes": {yes: true}, "--demo": {serviceFlags: serviceFlags{demo: true}}} {
		if err := confirm(t.Context(), e, f, 3); err != nil || out.Len() > 0 {
			t.Errorf("%s: %v, %q", name, err, out.String())
		}
	}
}
