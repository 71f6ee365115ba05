package images

import (
	"fmt"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

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
	file, remaining        string
	uid                    string
	batchSize, concurrency int
	isolate, dryRun, yes   bool
}

func newDeleteCommand(e cli.Env) *cobra.Command {
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
	cmd.ValidArgsFunction = cobra.NoFileCompletions // ids are not files
	return cmd
}

func (f *deleteFlags) register(cmd *cobra.Command) {
	fs := cmd.Flags()
	fs.SortFlags = false
	registerFile(fs, &f.file)
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
func (f *deleteFlags) check(fs *pflag.FlagSet) error {
	if err := f.Check(fs); err != nil {
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

const deleteLong = `Delete image tasks by id, in batches, and report the outcome of every id.

` + idsHelp + ` Blank lines and lines that begin with # are
skipped, and repeats are dropped. If a line cannot be an id, nothing is sent.
If standard input is a terminal, the command asks before it deletes; in a pipe or
a job it does not.

` + service.KeyHelp + `

--remaining gets each id that was not confirmed deleted; a run with --file on it
resumes. Both may be the same file; a file with other ids is not replaced. It is
also written after Ctrl-C, and when standard output is closed. A second Ctrl-C ends
the command at once.

With --output json, each line is an object. type is "batch" (ids, outcome, and
for a failure error, code, http_status, attempts, request_id), "summary" (total,
deleted, refused, failed if any did, not_sent, unknown, repeats, batches,
interrupted, remaining) or "dry_run" (total, repeats, batches, batch_size). An
outcome is "deleted", "refused", "failed" after an outage, "not_sent" or "unknown",
which means that the service may have acted. Every id is in one "batch". After the
key is refused, or too many requests in a row have failed, nothing more is sent.

Exit status: 0 all deleted, 1 some not, 2 usage, 3 authentication, 4 credits,
130 interrupted.`

const deleteExample = `  tensorslab images delete --demo
  tensorslab images delete abcd_1234567890abcdef
  tensorslab images delete --file ids.txt --remaining left.txt
  tensorslab images delete --file left.txt --remaining left.txt --isolate
  find-old-tasks | tensorslab images delete --output json`
