package images

import (
	"fmt"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/service"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// maxConcurrency is the number of connections that the library opens at most, so that
// more requests in flight would only wait.
const maxConcurrency = 64

// deleteFlags are the flags of images delete.
type deleteFlags struct {
	service.Flags
	source
	remaining, uid         string
	batchSize, concurrency int
	isolate, dryRun, yes   bool
}

func newDeleteCommand(e cli.Env) *cobra.Command {
	var f deleteFlags
	f.records = true
	f.states = []batch.State{batch.Saved, batch.Failed}
	f.allowed = []batch.State{batch.Submitted, batch.Completed, batch.Saved, batch.Failed}
	cmd := &cobra.Command{
		Use:     "delete [ID…]",
		Short:   "Delete image tasks by id",
		Long:    deleteLong,
		Example: deleteExample,
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := f.check(cmd, args); err != nil {
				return err
			}
			return deleteImages(cmd.Context(), e, f, args)
		},
	}
	f.register(cmd, e)
	cli.MarkSending(cmd)
	return cmd
}

func (f *deleteFlags) register(cmd *cobra.Command, e cli.Env) {
	fs := cmd.Flags()
	fs.SortFlags = false
	f.source.register(cmd, e)
	fs.StringVar(&f.remaining, "remaining", "", "write the ids that are not confirmed deleted to `FILE`")
	fs.BoolVarP(&f.yes, "yes", "y", false, "do not ask before deleting")
	fs.BoolVarP(&f.dryRun, "dry-run", "n", false, "print what would be deleted, and send nothing")
	fs.StringVar(&f.uid, "uid", "", "user `ID` to send with each request")
	fs.IntVar(&f.batchSize, "batch-size", wrapper.DefaultBatchSize, "number of ids per request")
	fs.IntVar(&f.concurrency, "concurrency", wrapper.DefaultConcurrency, fmt.Sprintf("number of requests in flight, at most %d", maxConcurrency))
	fs.BoolVar(&f.isolate, "isolate", false, "bisect a refused batch to find the ids at fault")
	f.Register(cmd, wrapper.DefaultTimeout)
}

// check returns a usage error for a value that cannot be meant. It is called before
// anything is read or sent.
func (f *deleteFlags) check(cmd *cobra.Command, args []string) error {
	err := cli.FirstError(f.Check(cmd.Flags()), f.source.check(cmd, f.Demo, args), cli.CheckStdin(append(f.stdinUsers(f.Demo, args), f.StdinUsers()...)...))
	if err != nil {
		return err
	}
	switch {
	case f.batchSize < 1:
		return cli.Usagef("--batch-size must be above 0")
	case !utf8.ValidString(f.uid):
		return cli.Usagef("--uid is not valid UTF-8")
	case f.remaining == "-":
		return cli.Usagef("--remaining must be the name of a file")
	}
	return cli.CheckRange("concurrency", f.concurrency, 1, maxConcurrency)
}
