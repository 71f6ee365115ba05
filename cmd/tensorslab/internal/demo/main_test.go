package demo

import (
	"context"
	"os"
	"testing"

	"github.com/spf13/cobra"
	"go.uber.org/goleak"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/images"
)

// TestMain lets the demo start this binary as the command, by its name.
func TestMain(m *testing.M) {
	if os.Args[0] == "tensorslab" {
		e := cli.Env{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Getenv: os.Getenv, OnExit: new(cli.ExitHook), Secret: new(cli.Secret)}
		os.Exit(cli.Run(context.Background(), e, cli.NewRoot("test", images.NewCommand(e)), os.Args[1:]))
	}
	goleak.VerifyTestMain(m)
}

func newRoot(e cli.Env) *cobra.Command { return cli.NewRoot("test", NewCommand(e)) }
