package auth

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"golang.org/x/term"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/apikey"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/internal/redact"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// readKey reads the key from standard input. A terminal does not show it.
func readKey(ctx context.Context, e cli.Env) (string, error) {
	read := func() (string, error) { return apikey.FromReader(e.Stdin, "standard input") }
	if f, ok := e.Stdin.(*os.File); ok && cli.IsTerminal(f) {
		if before, err := term.GetState(int(f.Fd())); err == nil {
			defer func() { _ = term.Restore(int(f.Fd()), before) }() // an interruption leaves the read behind, and the echo off
		}
		fmt.Fprint(e.Stderr, "Paste the key (it is not shown): ")
		defer fmt.Fprintln(e.Stderr)
		read = func() (string, error) {
			line, err := term.ReadPassword(int(f.Fd()))
			if err != nil {
				return "", err
			}
			return apikey.FromReader(strings.NewReader(string(line)), "standard input")
		}
	}
	if e.Stdin == nil {
		return "", cli.Usagef("there is no standard input to read the key from")
	}
	key, err := cli.AwaitValue(ctx, read)
	switch {
	case ctx.Err() != nil:
		return "", cli.Failf(cli.Interrupted, "interrupted; nothing was stored")
	case errors.Is(err, apikey.ErrNone):
		return "", cli.Failf(cli.Auth, "%w; nothing was stored; create a key at %s", err, keysPage)
	case err != nil:
		return "", cli.Usagef("cannot read the API key: %w", err)
	}
	e.Secret.Set(key)
	if clean, fault := redact.CleanKey(key); clean == "" || fault != "" {
		return "", cli.Failf(cli.Auth, "%w; nothing was stored", cli.Advisor{}.Describe(wrapper.ErrInvalidKey))
	}
	return key, nil
}
