package jobs

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/idlist"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/journal"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/service"
)

const resolveLong = `Say what became of a generation that is in doubt: which task it created, or with
--not-created that it created none. Look into the task list and the credits of the
web console first; "tensorslab images list --in-doubt" names the keys. Nothing is sent.

With a TASKID, the journal has the task as submitted. A TASKID that was mistyped is
corrected in the same way, also after the wait for it has failed; a generation that has
failed is waited for again if TASKID is its own task. Neither costs anything. With
--not-created, the next "images generate --file" with the same prompts sends the
generation again, which costs credits a second time if there was a task all the same.

While such a command runs, what is still submitting cannot be decided: the response may
come at any moment.

` + journal.Help + `

Exit status: 0 success, 1 the journal could not be written, 2 usage, which includes a
KEY that is neither in doubt nor failed.`

const resubmitLong = `Allow the next "images generate --file" with the same prompts to send a generation again
that is in doubt or whose task has failed. That costs credits a second time if it was
paid for before. Nothing is sent now.

` + journal.Help + `

Exit status: 0 success, 1 the journal could not be written, 2 usage, which includes a
KEY that is neither in doubt nor failed.`

func newResolveCommand(e cli.Env) *cobra.Command {
	var f journal.Flags
	var notCreated bool
	cmd := &cobra.Command{
		Use:   "resolve KEY {TASKID | --not-created}",
		Short: "Say what became of a generation that is in doubt",
		Long:  resolveLong,
		Example: `  tensorslab images list --in-doubt
  tensorslab images resolve fox-17 abcd_1234567890abcdef
  tensorslab images resolve fox-18 --not-created`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			want := 2
			if notCreated {
				want = 1
			}
			if len(args) != want {
				return cli.Usagef("images resolve takes a KEY and a TASKID, or a KEY and --not-created (see %s --help)", cmd.CommandPath())
			}
			return decide(cmd, e, &f, args, inDoubt)
		},
		ValidArgsFunction: completeKeys(e, &f, inDoubt...),
	}
	cmd.Flags().BoolVar(&notCreated, "not-created", false, "there is no task: the generation may be sent again")
	registerJournal(cmd, &f)
	return cmd
}

func newResubmitCommand(e cli.Env) *cobra.Command {
	var f journal.Flags
	states := append(slices.Clone(inDoubt), batch.Failed)
	cmd := &cobra.Command{
		Use:     "resubmit KEY",
		Short:   "Allow a generation to be sent again that is in doubt or failed",
		Long:    resubmitLong,
		Example: `  tensorslab images resubmit fox-18`,
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return cli.Usagef("images resubmit takes one KEY (see %s --help)", cmd.CommandPath())
			}
			return decide(cmd, e, &f, args, states)
		},
		ValidArgsFunction: completeKeys(e, &f, states...),
	}
	registerJournal(cmd, &f)
	return cmd
}

// decide records a decision about the job args[0], which is in one of the states: its task
// is args[1], or may be created.
func decide(cmd *cobra.Command, e cli.Env, f *journal.Flags, args []string, states []batch.State) error {
	if err := cli.FirstError(cli.CheckNotBlank(cmd.Flags()), f.Check(false)); err != nil {
		return err
	}
	service.LearnKey(e)
	if len(args) == 2 {
		if err := idlist.New().Add(args[1]); err != nil {
			return cli.Usagef("TASKID: %w", err)
		}
		if e.Secret.Text(args[1]) != args[1] {
			return cli.Usagef("not recorded: TASKID holds the API key")
		}
	}
	ctx := cmd.Context()
	j, err := f.Existing(ctx, e)
	switch {
	case err != nil:
		return err
	case j == nil:
		return cli.Usagef("there is no journal of tasks, so that nothing is in doubt; name another one with --journal FILE")
	}
	defer j.Close()
	text, err := recordDecision(ctx, j, f, args, states)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(e.Stdout, e.Secret.Text(text)); err != nil {
		return fmt.Errorf("the decision was recorded, but standard output could not be written: %w", err)
	}
	return nil
}

// recordDecision returns what to tell the person about it.
func recordDecision(ctx context.Context, j batch.Journal, f *journal.Flags, args []string, states []batch.State) (string, error) {
	key := args[0]
	switch e, ok, err := j.Get(ctx, key); {
	case err != nil:
		return "", failed(ctx, "cannot read the journal of tasks", err)
	case !ok:
		return "", cli.Usagef("not recorded: the journal has no generation with the KEY %s; see %s --in-doubt", cli.Quote(key), f.Command("list"))
	case !slices.Contains(states, e.State) && !mayNameTask(e, args):
		return "", cli.Usagef("not recorded: the generation %s is %v, so that there is nothing to decide", cli.Quote(key), e.State)
	}
	if len(args) == 2 {
		return resolved(ctx, j, f, key, args[1])
	}
	if err := batch.Resubmit(ctx, j, key); err != nil {
		return "", failed(ctx, "not recorded", err)
	}
	if journal.IsSingle(key) {
		return cli.Printable(key) + ": planned; it is of no batch, so run tensorslab images generate again", nil
	}
	return cli.Printable(key) + `: planned; run the same "images generate --file" again, which sends it`, nil
}

// mayNameTask reports whether the task of a job may be one that was named by hand, and that
// is corrected now. The journal knows.
func mayNameTask(e batch.Entry, args []string) bool {
	return len(args) == 2 && (e.State == batch.Failed || e.State == batch.Submitted)
}

func resolved(ctx context.Context, j batch.Journal, f *journal.Flags, key, id string) (string, error) {
	for other, err := range j.All(ctx) {
		switch {
		case err != nil:
			return "", failed(ctx, "cannot read the journal of tasks", err)
		case other.TaskID == id && other.Key != key:
			return "", cli.Usagef("not recorded: the journal has the task as that of the generation %s already", cli.Quote(other.Key))
		}
	}
	if err := batch.Resolve(ctx, j, key, id); err != nil {
		return "", failed(ctx, "not recorded", err)
	}
	text := fmt.Sprintf("%s: submitted as %s; ", cli.Printable(key), cli.Printable(id))
	if journal.IsSingle(key) {
		return text + "to continue: " + cli.ShellCommand("wait", id, append(f.RepeatService(), f.Repeat()...)...), nil
	}
	return text + `run the same "images generate --file" again, which waits for it`, nil
}
