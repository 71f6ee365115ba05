package main

import (
	"github.com/spf13/cobra"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/about"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/auth"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/demo"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/fake"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/images"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/mcp"
)

func newRoot(e cli.Env) *cobra.Command {
	return cli.NewRoot(about.Version(),
		images.NewCommand(e), auth.NewCommand(e), mcp.NewCommand(e), demo.NewCommand(e), fake.NewCommand(e),
		about.NewSpecCommand(e), about.NewVersionCommand(e), about.NewCompletionCommand(e))
}
