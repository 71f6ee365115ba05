// Package images holds the commands about image tasks.
package images

import (
	"github.com/spf13/cobra"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
)

// NewCommand returns the command images with its subcommands.
func NewCommand(e cli.Env) *cobra.Command {
	group := cli.NewGroup("images", "Work with image tasks",
		newGenerateCommand(e), newInfoCommand(e), newWaitCommand(e), newDownloadCommand(e), newDeleteCommand(e))
	group.Annotations = map[string]string{"list": noList, "ls": noList}
	for _, cmd := range group.Commands() {
		cmd.SuggestFor = otherNames[cmd.Name()]
	}
	return group
}

// noList is the advice in place of a command that other tools have.
const noList = `the service cannot list tasks: keep the ids, and see "tensorslab images info"`

// otherNames are the names that other tools have for the commands.
var otherNames = map[string][]string{
	"generate": {"create", "new", "make", "submit"},
	"info":     {"get", "show", "status", "describe"},
	"download": {"save", "fetch"},
	"delete":   {"rm", "del", "remove", "purge"},
}
