package images

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
)

// maxPrompt is far above the size of any prompt. It protects memory from a wrong file.
const maxPrompt = 1 << 20

// checkPrompt returns a usage error unless the arguments are one prompt.
func checkPrompt(cmd *cobra.Command, args []string) error {
	var reason string
	switch {
	case len(args) == 0:
		reason = `no PROMPT; give it in quotes, such as "a fox in the snow", or - to read it from standard input, or use --file for many`
	case len(args) > 1:
		reason = fmt.Sprintf("images generate takes one PROMPT, but got %s; put it in quotes, or use --file for many", cli.Count(len(args), "argument"))
	case args[0] == "":
		reason = "the PROMPT is empty"
	case strings.TrimSpace(args[0]) == "":
		reason = "the PROMPT is blank: it has nothing but white space"
	default:
		return nil
	}
	return cli.Usagef("%s (see %s --help)", reason, cmd.CommandPath())
}

// promptOf returns the prompt of an argument: the argument itself or, for "-", the text on
// standard input. An "@" at the beginning is refused, because other tools read a file for
// it, and a generation with the name of a file costs credits all the same.
func promptOf(ctx context.Context, stdin io.Reader, arg string) (string, error) {
	switch {
	case strings.HasPrefix(arg, "@"):
		return "", cli.Usagef("a PROMPT that begins with @ is not the name of a file; give the text itself in quotes, or - to read it from standard input (- < FILE); nothing was sent")
	case arg != "-" && isFile(arg):
		return "", cli.Usagef("%s is a file; use --file %s, or - < %[2]s; nothing was sent", cli.Quote(arg), cli.ShellQuote(arg))
	case isFileName(arg):
		return "", cli.Usagef("%s looks like the name of a file%s; use --file for many prompts, or \"-\" to read this as a prompt from standard input; nothing was sent", cli.Quote(arg), missing(arg))
	case arg != "-":
		return arg, nil
	case stdin == nil:
		stdin = strings.NewReader("")
	}
	return cli.AwaitValue(ctx, func() (string, error) { return readPrompt(stdin) })
}

// isFile reports whether a prompt is the name of a file that exists, which is nobody's prompt.
func isFile(arg string) bool {
	info, err := os.Stat(arg)
	return err == nil && info.Mode().IsRegular()
}

// fileName matches one word that a user has probably typed as the name of a file.
var fileName = regexp.MustCompile(`^(\.\.?/|/|~/)\S*$|^\S+\.(?i:txt|csv|tsv|json|jsonl|md|png|jpg)$`)

// isFileName reports whether a prompt is one word that looks like the name of a file, which may
// be mistyped.
func isFileName(arg string) bool { return fileName.MatchString(arg) }

// missing says so if nothing has this name.
func missing(name string) string {
	if _, err := os.Stat(name); errors.Is(err, fs.ErrNotExist) {
		return ", which does not exist"
	}
	return ""
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
