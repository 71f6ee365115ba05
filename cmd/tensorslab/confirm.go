package main

import (
	"bufio"
	"context"
	"fmt"
	"strings"
)

// confirm asks before n tasks are deleted, where there is somebody to ask.
func confirm(ctx context.Context, e env, f deleteFlags, n int) error {
	if f.yes || f.demo || !isTerminal(e.stdin) || !isTerminal(e.stderr) {
		return nil
	}
	return ask(ctx, e, n)
}

func ask(ctx context.Context, e env, n int) error {
	fmt.Fprintf(e.stderr, "Delete %s? [y/N] ", count(n, "image task"))
	err := await(ctx, func() error {
		answer, err := bufio.NewReader(e.stdin).ReadString('\n')
		if err != nil {
			fmt.Fprintln(e.stderr) // the end of input leaves the cursor in the line
		}
		switch strings.ToLower(strings.TrimSpace(answer)) {
		case "y", "yes":
			return nil
		}
		return failf(statusFailed, "not confirmed; nothing was sent")
	})
	if ctx.Err() != nil {
		fmt.Fprintln(e.stderr)
	}
	return err
}
