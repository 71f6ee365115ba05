package images

import (
	"context"
	"io"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// The prompt "-" is that on standard input.
func TestPromptOnStandardInput(t *testing.T) {
	t.Parallel()
	fake := fakeapi.Start(t)
	s := clitest.Against(t, newRoot, fake)
	s.Stdin = strings.NewReader("\ufeff  a fox\nin the snow \r\n")
	clitest.WantStatus(t, s.Run("images", "generate", "-"), cli.OK)
	requests := fake.Requests()
	if len(requests) != 1 || !strings.Contains(string(requests[0].Body), "\r\n\r\na fox\nin the snow\r\n") {
		t.Errorf("%d requests: %q", len(requests), requests)
	}
}

// What cannot be meant as a prompt is refused before anything is paid for.
func TestPromptIsRefused(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		prompt string
		stdin  io.Reader
		want   string
	}{
		"no input":  {"-", nil, "the prompt on standard input is blank; nothing was sent"},
		"blank":     {"-", strings.NewReader(" \n"), "the prompt on standard input is blank; nothing was sent"},
		"large":     {"-", strings.NewReader(strings.Repeat("a", maxPrompt+1)), "the prompt on standard input is larger than 1 MiB; nothing was sent"},
		"a fault":   {"-", io.MultiReader(strings.NewReader("a fox"), brokenReader{}), "cannot read the prompt: unexpected EOF; nothing was sent"},
		"not UTF-8": {"-", strings.NewReader("a \xff"), "the prompt on standard input is not UTF-8 text; nothing was sent"},
		"a file":    {"@prompt.txt", nil, "a PROMPT that begins with @ is not the name of a file; give the text itself in quotes, or - to read it from standard input (- < FILE); nothing was sent"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := fakeapi.Start(t)
			s := clitest.Against(t, newRoot, fake)
			s.Stdin = tt.stdin
			clitest.WantError(t, s.Run("images", "generate", tt.prompt), cli.Usage, tt.want)
			if n := len(fake.Requests()); n != 0 {
				t.Errorf("%d requests", n)
			}
		})
	}
}

// One word that looks like the name of a file is probably a mistyped one, and would be paid for.
func TestPromptLikeAFileName(t *testing.T) {
	t.Parallel()
	for prompt, refused := range map[string]bool{
		"promts.csv": true, "./promts": true, "../x": true, "/none/x": true, "~/x": true, "FOX.PNG": true, "a.b.jsonl": true, "notes.md": true, "a.tsv": true,
		"fox": false, "a/b": false, "~": false, "...": false, ".png": false, "a fox.png": false, "./a fox": false, "version 1.0": false, "3.5": false, "fox.": false,
	} {
		t.Run(prompt, func(t *testing.T) {
			t.Parallel()
			fake := fakeapi.Start(t)
			got := clitest.Against(t, newRoot, fake).Run("images", "generate", prompt)
			if !refused {
				clitest.WantStatus(t, got, cli.OK)
				return
			}
			clitest.WantError(t, got, cli.Usage, cli.Quote(prompt)+` looks like the name of a file, which does not exist; use --file for many prompts, or "-" to read this as a prompt from standard input; nothing was sent`)
			if n := len(fake.Requests()); n != 0 {
				t.Errorf("%d requests", n)
			}
		})
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// Ctrl-C ends the wait for a prompt that is not typed.
func TestPromptInterrupted(t *testing.T) {
	t.Parallel()
	fake := fakeapi.Start(t)
	s := clitest.Against(t, newRoot, fake)
	r, w := io.Pipe()
	defer w.Close()
	s.Stdin = r
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	clitest.WantError(t, s.RunContext(ctx, "images", "generate", "-"), cli.Interrupted, "interrupted; nothing was sent")
}
