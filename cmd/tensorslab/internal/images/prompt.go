package images

import (
	"context"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
)

// maxPrompt is far above the size of any prompt. It protects memory from a wrong file.
const maxPrompt = 1 << 20

// promptOf returns the prompt of an argument: the argument itself or, for "-", the text on
// standard input. An "@" at the beginning is refused, because other tools read a file for
// it, and a generation with the name of a file costs credits all the same.
func promptOf(ctx context.Context, stdin io.Reader, arg string) (string, error) {
	switch {
	case strings.HasPrefix(arg, "@"):
		return "", cli.Usagef("a PROMPT that begins with @ is not the name of a file; give the text itself in quotes, or - to read it from standard input (- < FILE); nothing was sent")
	case arg != "-":
		return arg, nil
	case stdin == nil:
		stdin = strings.NewReader("")
	}
	return cli.AwaitValue(ctx, func() (string, error) { return readPrompt(stdin) })
}

func readPrompt(r io.Reader) (string, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxPrompt+1))
	prompt := strings.TrimSpace(strings.TrimPrefix(string(data), "\ufeff"))
	switch {
	case err != nil:
		return "", cli.Usagef("cannot read the prompt: %w; nothing was sent", err)
	case len(data) > maxPrompt:
		return "", cli.Usagef("the prompt on standard input is larger than 1 MiB; nothing was sent")
	case !utf8.ValidString(prompt):
		return "", cli.Usagef("the prompt on standard input is not UTF-8 text; nothing was sent")
	case prompt == "":
		return "", cli.Usagef("the prompt on standard input is blank; nothing was sent")
	}
	return prompt, nil
}
