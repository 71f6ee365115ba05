package images

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
)

// confirm asks before n tasks are deleted if a person is there to ask: if standard input
// is a terminal. The question goes to a terminal, wherever standard error leads.
func confirm(ctx context.Context, e cli.Env, f deleteFlags, n int) error {
	if f.yes || f.Demo || !cli.IsTerminal(e.Stdin) {
		return nil
	}
	terminal, done := terminalOf(e)
	if terminal == nil {
		return cli.Usagef("there is no terminal to ask for a confirmation on; pass --yes to delete without it; nothing was sent")
	}
	defer done()
	return ask(ctx, e.Stdin, terminal, n)
}

// terminalOf returns where a person sees a question, or nil.
func terminalOf(e cli.Env) (terminal io.Writer, done func()) {
	for _, stream := range []io.Writer{e.Stderr, e.Stdout} {
		if cli.IsTerminal(stream) {
			return stream, func() {}
		}
	}
	// Without a controlling terminal this fails, also on systems that call it otherwise.
	tty, err := os.OpenFile("/dev/tty", os.O_WRONLY, 0)
	switch {
	case err != nil:
		return nil, nil
	case !cli.IsTerminal(tty):
		tty.Close()
		return nil, nil
	}
	return tty, func() { tty.Close() }
}

func ask(ctx context.Context, in io.Reader, out io.Writer, n int) error {
	return askFor(ctx, in, out, fmt.Sprintf("Delete %s?", cli.Count(n, "image task")))
}

// askFor returns an error unless the answer to a question is yes.
func askFor(ctx context.Context, in io.Reader, out io.Writer, question string) error {
	fmt.Fprint(out, question+" [y/N] ")
	err := cli.Await(ctx, func() error {
		answer, err := bufio.NewReader(in).ReadString('\n')
		if err != nil {
			fmt.Fprintln(out) // at the end of input the cursor is still in the line
		}
		switch strings.ToLower(strings.TrimSpace(answer)) {
		case "y", "yes":
			return nil
		}
		return cli.Failf(cli.Failed, "not confirmed; nothing was sent")
	})
	if ctx.Err() != nil {
		fmt.Fprintln(out)
	}
	return err
}
