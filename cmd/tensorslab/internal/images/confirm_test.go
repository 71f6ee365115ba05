package images

import (
	"context"
	"io"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/service"
)

func TestAsk(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]int{
		"y\n": cli.OK, "Y\r\n": cli.OK, " yes \n": cli.OK, "YES\n": cli.OK, "y": cli.OK,
		"n\n": cli.Failed, "\n": cli.Failed, "": cli.Failed, "yep\n": cli.Failed, "no\ny\n": cli.Failed,
	} {
		var out strings.Builder
		err := ask(t.Context(), strings.NewReader(answer), &out, 12)
		if cli.StatusOf(err) != want {
			t.Errorf("answer %q: %v, want status %d", answer, err, want)
		}
		clitest.WantText(t, "prompt", strings.TrimSuffix(out.String(), "\n"), "Delete 12 image tasks? [y/N] ")
	}
}

func TestAskInterrupted(t *testing.T) {
	t.Parallel()
	r, w := io.Pipe()
	defer w.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out strings.Builder
	err := ask(ctx, r, &out, 1)
	if cli.StatusOf(err) != cli.Interrupted {
		t.Errorf("error %v", err)
	}
	clitest.WantText(t, "prompt", out.String(), "Delete 1 image task? [y/N] \n")
}

func TestConfirmAsksNobody(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	e := cli.Env{Stdin: strings.NewReader("n\n"), Stderr: &out}
	for name, f := range map[string]deleteFlags{"a pipe": {}, "--yes": {yes: true}, "--demo": {Flags: service.Flags{Demo: true}}} {
		if err := confirm(t.Context(), e, f, 3); err != nil || out.Len() > 0 {
			t.Errorf("%s: %v, %q", name, err, out.String())
		}
	}
}
