package images

import (
	"bufio"
	"context"
	"fmt"
	"strings"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
)

// confirm asks before n tasks are deleted if a person is there to ask.
func confirm(ctx context.Context, e cli.Env, f deleteFlags, n int) error {
	if f.yes || f.Demo || !cli.IsTerminal(e.Stdin) || !cli.IsTerminal(e.Stderr) {
		return nil
	}
	return ask(ctx, e, n)
}

func ask(ctx context.Context, e cli.Env, n int) error {
	fmt.Fprintf(e.Stderr, "Delete %s? [y/N] ", cli.Count(n, "image task"))
	err := cli.Await(ctx, func() error {
		answer, err := bufio.NewReader(e.Stdin).ReadString('\n')
		if err != nil {
			fmt.Fprintln(e.Stderr) // at the end of input the cursor is still in the line
		}
		switch strings.ToLower(strings.TrimSpace(answer)) {
		case "y", "yes":
			return nil
		}
		return cli.Failf(cli.Failed, "not confirmed; nothing was sent")
	})
	if ctx.Err() != nil {
		fmt.Fprintln(e.Stderr)
	}
	return err
}
