package main

import (
	"fmt"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

// maxConcurrency is the number of connections that the wrapper keeps.
const maxConcurrency = wrapper.MaxConnections

// deleteFlags are the flags of images delete.
type deleteFlags struct {
	serviceFlags
	file, remaining        string
	uid                    string
	batchSize, concurrency int
	isolate, dryRun, yes   bool
}

func newDeleteCommand(e env) *cobra.Command {
	var f deleteFlags
	cmd := &cobra.Command{
		Use:     "delete [ID…]",
		Short:   "Delete image tasks by id",
		Long:    deleteLong,
		Example: deleteExample,
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := f.check(cmd.Flags()); err != nil {
				return err
			}
			return deleteImages(cmd.Context(), e, f, args)
		},
	}
	f.register(cmd)
	cmd.ValidArgsFunction = cobra.NoFileCompletions // ids are no files
	return cmd
}

func (f *deleteFlags) register(cmd *cobra.Command) {
	fs := cmd.Flags()
	fs.SortFlags = false
	fs.StringVarP(&f.file, "file", "f", "", "read ids from `FILE`, one a line (- is standard input)")
	fs.StringVar(&f.remaining, "remaining", "", "write the ids not confirmed deleted to `FILE`")
	fs.BoolVarP(&f.yes, "yes", "y", false, "do not ask before deleting")
	fs.BoolVarP(&f.dryRun, "dry-run", "n", false, "say what would be deleted, and send nothing")
	fs.StringVar(&f.uid, "uid", "", "user `ID` to send with each request")
	fs.IntVar(&f.batchSize, "batch-size", wrapper.DefaultBatchSize, "ids in one request")
	fs.IntVar(&f.concurrency, "concurrency", wrapper.DefaultConcurrency, fmt.Sprintf("requests under way at once, up to %d", maxConcurrency))
	fs.BoolVar(&f.isolate, "isolate", false, "split a refused batch until each refused id stands alone")
	f.serviceFlags.register(cmd, wrapper.DefaultTimeout)
}

// check refuses what can't be meant, before anything is read or sent.
func (f *deleteFlags) check(fs *pflag.FlagSet) error {
	if err := f.serviceFlags.check(fs); err != nil {
		return err
	}
	switch {
	case f.batchSize < 1:
		return usagef("--batch-size wants a number above 0")
	case !utf8.ValidString(f.uid):
		return usagef("--uid is not valid UTF-8")
	case f.remaining == "-":
		return usagef("--remaining wants the name of a file")
	}
	return between("concurrency", f.concurrency, 1, maxConcurrency)
}

const deleteLong = `Delete image tasks by id, in batches, and account for each of them.

Ids are arguments and the lines of --file or, without either, the lines of
standard input if that is a pipe or a file. Blank lines and lines that begin
with # are skipped, repeats are dropped. If a line can't be an id, nothing is
sent. On a terminal you are asked first; a pipe or a job is not.

` + keyHelp + `

--remaining gets each id that was not confirmed deleted, so that a run with
--file on it resumes; it may be the same file. Ctrl-C stops and still writes it,
and so does a closed standard output. A second Ctrl-C ends the command at once.

With --output json, each line is an object. type is "batch" (ids, outcome, and
if it failed error, code, http_status, attempts, request_id), "summary" (total,
deleted, refused, not_sent, unknown, repeats, batches, interrupted, remaining)
or "dry_run" (total, repeats, batches, batch_size). An outcome is "deleted",
"refused", "not_sent" or "unknown": the service may have acted.

Exit status: 0 all deleted, 1 some not, 2 usage, 3 authentication, 4 credits,
130 interrupted.`

const deleteExample = `  tensorslab images delete --demo
  tensorslab images delete abcd_1234567890abcdef
  tensorslab images delete --file ids.txt --remaining left.txt
  tensorslab images delete --file left.txt --remaining left.txt --isolate
  find-old-tasks | tensorslab images delete --output json`
