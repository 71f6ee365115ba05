// Package jobs holds the commands about the journal of tasks: images list, resolve and
// resubmit. None of them sends anything.
package jobs

import (
	"context"
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/journal"
)

// NewCommands returns the commands.
func NewCommands(e cli.Env) []*cobra.Command {
	return []*cobra.Command{newListCommand(e), newResolveCommand(e), newResubmitCommand(e)}
}

// registerJournal defines the flags that say which journal a command is about.
func registerJournal(cmd *cobra.Command, f *journal.Flags) {
	f.AnyService = true
	f.Register(cmd, false)
	cmd.Flags().String("base-url", "", "use the journal of the service at `URL` (default $TENSORSLAB_BASE_URL)")
}

// inDoubt are the states of a job that may have been paid and whose task nobody knows. A
// job stays in the first one if the command that was sending it was killed.
var inDoubt = []batch.State{batch.Submitting, batch.InDoubt}

// failed words an error of the journal, which begins with the name of its package.
func failed(ctx context.Context, what string, err error) error {
	if ctx.Err() != nil {
		return cli.Failf(cli.Interrupted, "interrupted")
	}
	text := strings.ReplaceAll(strings.TrimPrefix(err.Error(), "batch: "), "the job ", "the generation ")
	return cli.Failf(statusOf(err), "%s: %s", what, cli.OneLine(text))
}

// statusOf tells a wrong command line from a journal that cannot be written.
func statusOf(err error) int {
	if errors.Is(err, batch.ErrNoDecision) || errors.Is(err, batch.ErrInvalidEntry) || errors.Is(err, batch.ErrLocked) {
		return cli.Usage
	}
	return cli.Failed
}
