// Package images holds the commands about image tasks.
package images

import (
	"github.com/spf13/cobra"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/jobs"
)

// NewCommand returns the command images with its subcommands.
func NewCommand(e cli.Env) *cobra.Command {
	group := cli.NewGroup("images", "Work with image tasks",
		newGenerateCommand(e), newInfoCommand(e), newWaitCommand(e), newDownloadCommand(e), newDeleteCommand(e))
	group.AddCommand(jobs.NewCommands(e)...)
	group.Annotations = cli.ImagesAdvice
	cli.Suggest(group, otherNames)
	return group
}

// otherNames are the names that other tools have for the commands.
var otherNames = map[string][]string{
	"generate": {"create", "new", "make", "submit", "run", "edit", "add"},
	"info":     {"get", "show", "status", "describe", "inspect", "view"},
	"download": {"save", "fetch", "pull", "export"},
	"delete":   {"rm", "del", "remove", "purge", "destroy", "prune", "clean"},
	"list":     {"history", "journal", "tasks", "ps"},
	"wait":     {"watch", "poll", "follow"},
}
