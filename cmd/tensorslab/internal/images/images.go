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
	for _, cmd := range group.Commands() {
		cmd.SuggestFor = otherNames[cmd.Name()]
	}
	return group
}

// otherNames are the names that other tools have for the commands.
var otherNames = map[string][]string{
	"generate": {"create", "new", "make", "submit"},
	"info":     {"get", "show", "status", "describe"},
	"download": {"save", "fetch"},
	"delete":   {"rm", "del", "remove", "purge"},
	"list":     {"history", "journal", "tasks"},
}
