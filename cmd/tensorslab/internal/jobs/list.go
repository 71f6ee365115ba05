package jobs

import (
	"bufio"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/journal"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/selection"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/submission"
)

// listFlags are the flags of images list.
type listFlags struct {
	journal   journal.Flags
	selection selection.Flags
	inDoubt   bool
	quiet     bool
	output    string
}

func newListCommand(e cli.Env) *cobra.Command {
	var f listFlags
	cmd := &cobra.Command{
		Use:     "list",
		Aliases: []string{"ls"},
		Short:   "List the image tasks that this machine created",
		Long:    listLong,
		Example: listExample,
		Args:    cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := cli.CheckNotBlank(cmd.Flags()); err != nil {
				return err
			}
			return f.run(cmd.Context(), e)
		},
	}
	fs := cmd.Flags()
	fs.SortFlags = false
	f.selection.Register(fs)
	fs.BoolVar(&f.inDoubt, "in-doubt", false, "only generations that may have been paid for and whose task is not known")
	fs.StringVarP(&f.output, "output", "o", "text", "output `FORMAT`: text or json")
	fs.BoolVarP(&f.quiet, "quiet", "q", false, "print only the ids of the tasks, or with --in-doubt the keys")
	registerJournal(cmd, &f.journal)
	cli.CompleteWords(cmd, "state", selection.StateNames()...)
	cli.CompleteWords(cmd, "output", "text", "json")
	return cmd
}

// parse returns what to list, or a usage error.
func (f *listFlags) parse(now time.Time) (selection.Selection, error) {
	err := cli.FirstError(f.journal.Check(false), cli.CheckOneOf("output", f.output, "text", "json"))
	switch {
	case err != nil:
	case f.quiet && f.output != "text":
		err = cli.Usagef("use --quiet or --output json, not both")
	case f.inDoubt && len(f.selection.States) > 0:
		err = cli.Usagef("use --in-doubt or --state, not both")
	}
	if err != nil {
		return selection.Selection{}, err
	}
	if f.inDoubt {
		return f.selection.Parse(now, inDoubt...)
	}
	return f.selection.Parse(now)
}

func (f *listFlags) run(ctx context.Context, e cli.Env) error {
	chosen, err := f.parse(time.Now())
	if err != nil {
		return err
	}
	path, err := f.journal.Path(e)
	if err != nil {
		return err
	}
	j, err := cli.AwaitValue(ctx, func() (*batch.FileJournal, error) { return f.journal.Read(e) })
	if err != nil {
		return err
	}
	l := &listing{young: time.Now().Add(-submission.Timeout), out: bufio.NewWriterSize(e.Stdout, 1<<16), secret: e.Secret, layout: f.layout(e)}
	if j != nil {
		defer j.Close()
		if err := l.all(ctx, j, chosen); err != nil {
			return err
		}
	}
	if err := l.end(); err != nil {
		return fmt.Errorf("standard output could not be written: %w", err)
	}
	if j != nil && l.submitting > 0 && j.InUse() {
		l.underWay = l.submitting
	}
	f.hint(e, l, path, chosen)
	return nil
}

func (f *listFlags) layout(e cli.Env) layout {
	switch {
	case f.output == "json":
		return objects{}
	case f.quiet && f.inDoubt:
		return keys{}
	case f.quiet:
		return ids{}
	}
	return newTable(cli.TerminalWidth(e.Stdout), f.inDoubt)
}

// hint tells a person what a list does not: why it is empty, and what to do about doubt.
// Programs that read the list do not see it.
func (f *listFlags) hint(e cli.Env, l *listing, path string, chosen selection.Selection) {
	if f.output == "json" {
		return
	}
	var text string
	switch what := chosen.String(); {
	case l.seen == 0:
		text = fmt.Sprintf("No tasks: the journal %s is empty.", cli.Printable(path))
	case l.listed == 0 && f.inDoubt && f.selection.Since == "" && f.selection.OlderThan == "":
		text = fmt.Sprintf("Nothing is in doubt, of %s in the journal %s.", cli.Count(l.seen, "task"), cli.Printable(path))
	case l.listed == 0:
		text = fmt.Sprintf("No tasks are %s, of %d in the journal %s.", what, l.seen, cli.Printable(path))
	case f.inDoubt:
		text = strings.ReplaceAll(doubtHelp, "tensorslab images resolve", f.journal.Command("resolve"))
		if l.underWay > 0 {
			text = fmt.Sprintf("%d of these may still be under way: wait for the command that submits to end.\n", l.underWay) + text
		}
	case l.doubtful > 0:
		text = fmt.Sprintf("%s: see %s --in-doubt", l.doubt(), f.journal.Command("list"))
	default:
		return
	}
	fmt.Fprintln(e.Stderr, e.Secret.Text(text))
}
