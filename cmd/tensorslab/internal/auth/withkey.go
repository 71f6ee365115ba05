package auth

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/apikey"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/internal/redact"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// errInterrupted ends a login before anything was stored.
var errInterrupted = cli.Failf(cli.Interrupted, "interrupted; nothing was stored")

// readKey reads the key from standard input. A terminal does not show it.
func readKey(ctx context.Context, e cli.Env) (string, error) {
	if e.Stdin == nil {
		return "", cli.Usagef("there is no standard input to read the key from")
	}
	key, err := readFrom(ctx, e)
	switch {
	case ctx.Err() != nil, errors.Is(err, io.EOF):
		return "", errInterrupted
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

func readFrom(ctx context.Context, e cli.Env) (string, error) {
	const name = "standard input"
	terminal, ok := e.Stdin.(*os.File)
	if !ok || !cli.IsTerminal(terminal) {
		return cli.AwaitValue(ctx, func() (string, error) { return apikey.FromReader(e.Stdin, name) })
	}
	// The terminal has to stop showing what is typed before it shows the question, and to
	// show it again if an interruption leaves the read behind.
	before, err := term.MakeRaw(int(terminal.Fd()))
	if err != nil {
		return "", err
	}
	defer func() { _ = term.Restore(int(terminal.Fd()), before) }()
	return cli.AwaitValue(ctx, func() (string, error) {
		line, err := term.NewTerminal(struct {
			io.Reader
			io.Writer
		}{terminal, e.Stderr}, "").ReadPassword("Paste the key (it is not shown): ") // io.EOF for Ctrl-C and Ctrl-D
		if err != nil {
			return "", err
		}
		return apikey.FromReader(strings.NewReader(line), name)
	})
}
