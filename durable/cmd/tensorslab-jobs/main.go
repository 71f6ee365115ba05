// Program tensorslab-jobs shows the jobs of package durable, and takes the decisions that only a
// person can make. It sends nothing to the service, and needs no key.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/durable"
)

const usage = `Usage: tensorslab-jobs COMMAND

  list [--state STATE,…] [--json]  list jobs, the oldest first; --json prints the lines of a journal, which
                                   "tensorslab images list --journal FILE" reads
  count                            count the jobs in each state
  strays                           list tasks that were paid for and belong to no job
  resolve KEY TASKID               say which task a job in doubt created: it is waited for
  resubmit KEY                     allow a job to be sent again that is in doubt, failed or refused; this
                                   costs credits a second time if it was paid for before
  cancel KEY                       refuse a job that is still planned

The database is the one that the environment variable DATABASE_URL names, with the tables that
durable.Migrate creates.

Exit status: 0 success, 1 the database failed, or the decision is not possible, 2 usage error.
`

// errUsage is the error of a command that does not exist or lacks something.
var errUsage = errors.New("usage")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Getenv("DATABASE_URL"), os.Stdout, os.Stderr))
}

// run returns the exit status.
func run(ctx context.Context, args []string, database string, stdout, stderr io.Writer) int {
	cmd, err := parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprintf(stdout, "%s", usage)
		return 0
	case err != nil:
		fmt.Fprintf(stderr, "tensorslab-jobs: %v\n\n%s", err, usage)
		return 2
	case database == "":
		fmt.Fprintln(stderr, "tensorslab-jobs: set DATABASE_URL to the address of the database, such as postgres://user@host/database")
		return 2
	}
	pool, err := pgxpool.New(ctx, database)
	if err == nil {
		defer pool.Close()
		err = cmd(ctx, durable.NewStore(pool), stdout)
	}
	if err != nil {
		fmt.Fprintf(stderr, "tensorslab-jobs: %s\n", strings.ReplaceAll(err.Error(), "\n", "; "))
		return 1
	}
	return 0
}

// command does what was asked for.
type command func(ctx context.Context, s *durable.Store, out io.Writer) error

// parse returns the command that the arguments name, or an error about them.
func parse(args []string) (command, error) {
	if len(args) == 0 {
		return nil, fmt.Errorf("%w: there is no command", errUsage)
	}
	fs := flag.NewFlagSet(args[0], flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	var states []batch.State
	asJSON := false
	if args[0] == "list" {
		fs.BoolVar(&asJSON, "json", false, "")
		fs.Func("state", "", func(text string) (err error) {
			states, err = statesOf(text)
			return err
		})
	}
	if err := fs.Parse(args[1:]); err != nil {
		return nil, err
	}
	words := fs.Args()
	takes := map[string]struct {
		words int
		do    command
	}{
		"list": {0, func(ctx context.Context, s *durable.Store, out io.Writer) error {
			return list(ctx, s, out, states, asJSON)
		}},
		"count":  {0, count},
		"strays": {0, strays},
		"resolve": {2, func(ctx context.Context, s *durable.Store, out io.Writer) error {
			return decided(out, words[0], "submitted", s.Resolve(ctx, words[0], words[1]))
		}},
		"resubmit": {1, func(ctx context.Context, s *durable.Store, out io.Writer) error {
			return decided(out, words[0], "planned", s.Resubmit(ctx, words[0]))
		}},
		"cancel": {1, func(ctx context.Context, s *durable.Store, out io.Writer) error {
			return decided(out, words[0], "refused", s.Cancel(ctx, words[0]))
		}},
		"help": {0, nil},
	}
	found, ok := takes[args[0]]
	switch {
	case !ok:
		return nil, fmt.Errorf("%w: unknown command %.80q", errUsage, args[0])
	case len(words) != found.words:
		return nil, fmt.Errorf("%w: %s takes %d arguments, not %d", errUsage, args[0], found.words, len(words))
	case found.do == nil:
		return nil, flag.ErrHelp
	}
	return found.do, nil
}

func statesOf(text string) ([]batch.State, error) {
	var states []batch.State
	for name := range strings.SplitSeq(text, ",") {
		var state batch.State
		if err := state.UnmarshalText([]byte(name)); err != nil {
			return nil, err
		}
		states = append(states, state)
	}
	return states, nil
}
