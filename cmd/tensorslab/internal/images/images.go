// Package images holds the commands about image tasks.
package images

import (
	"github.com/spf13/cobra"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
)

// NewCommand returns the command images with its subcommands.
func NewCommand(e cli.Env) *cobra.Command {
	return cli.NewGroup("images", "Work with image tasks",
		newGenerateCommand(e), newInfoCommand(e), newWaitCommand(e), newDownloadCommand(e), newDeleteCommand(e))
}
