package images

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/idlist"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/jobs"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/journal"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/selection"
)

// source says where the ids of a command come from, and where to record what becomes of
// the tasks.
type source struct {
	file        string
	fromJournal bool
	journal     journal.Flags
	selection   selection.Flags
	// states are those of the tasks that --from-journal means without --state, and allowed
	// those that it may mean: all if there are none.
	states, allowed []batch.State
	// records says that the command changes the journal.
	records bool
}

func (s *source) register(cmd *cobra.Command, e cli.Env) {
	fs := cmd.Flags()
	fs.StringVarP(&s.file, "file", "f", "", "read ids from `FILE`, one per line (- is standard input)")
	fs.BoolVar(&s.fromJournal, "from-journal", false, "take the tasks that this machine created, from the journal")
	s.selection.Register(fs)
	s.journal.Register(cmd, s.records)
	if none := fs.Lookup("no-journal"); none != nil {
		fs.Lookup("journal").Usage = "use the journal of tasks in `FILE` (default: see above)"
		none.Usage = "do not record in the journal what becomes of the tasks"
	}
	cli.CompleteWords(cmd, "state", selection.StateNames()...)
	cmd.ValidArgsFunction = jobs.CompleteIDs(e, &s.journal, s.states...)
}

// stdinUsers returns what the ids of a command need standard input for.
func (s *source) stdinUsers(demo bool, args []string) []string {
	switch {
	case s.file == "-":
		return []string{"--file -"}
	case s.file == "" && len(args) == 0 && !s.fromJournal && !demo:
		return []string{"the list of ids"}
	}
	return nil
}

// check returns a usage error for flags that exclude each other, or would have no effect.
func (s *source) check(cmd *cobra.Command, demo bool, args []string) error {
	changed := cmd.Flags().Changed
	if err := s.journal.Check(demo); err != nil {
		return err
	}
	if !s.fromJournal {
		for _, flag := range selection.Names {
			if changed(flag) {
				return cli.Usagef("--%s requires --from-journal", flag)
			}
		}
		if changed("journal") && !s.records {
			return cli.Usagef("--journal requires --from-journal")
		}
		return nil
	}
	switch {
	case len(args) > 0:
		return cli.Usagef("use ids or --from-journal, not both")
	case s.file != "":
		return cli.Usagef("use --file or --from-journal, not both")
	case demo:
		return cli.Usagef("--demo keeps no journal, because its tasks end with it; leave --from-journal out")
	case s.journal.None:
		return cli.Usagef("use --from-journal or --no-journal, not both")
	}
	return nil
}

// chosen returns which tasks --from-journal means.
func (s *source) chosen() (selection.Selection, error) {
	chosen, err := s.selection.Parse(time.Now(), s.states...)
	if err != nil || len(s.allowed) == 0 {
		return chosen, err
	}
	for state := batch.Planned; state <= batch.Deleted; state++ {
		if chosen.Has(state) && !slices.Contains(s.allowed, state) {
			var names []string
			for _, a := range s.allowed {
				names = append(names, a.String())
			}
			return chosen, cli.Usagef("--state must be one or several of %s here", strings.Join(names, ", "))
		}
	}
	return chosen, nil
}

// read returns the ids of a command, and what records the fate of their tasks. It reads
// everything before anything is sent.
func (s *source) read(ctx context.Context, e cli.Env, demo, args []string) (*idlist.List, *tracker, error) {
	if s.fromJournal {
		return s.readJournal(ctx, e)
	}
	ids, err := readIDs(ctx, e, s.file, demo, args)
	if err != nil || !s.records || len(demo) > 0 || ids.Len() == 0 {
		return ids, nil, err
	}
	return ids, s.track(ctx, e, ids), nil
}

// track returns what records the fate of tasks of which the journal may know some. A
// journal that cannot be used does not keep the command from its work.
func (s *source) track(ctx context.Context, e cli.Env, ids *idlist.List) *tracker {
	j, err := s.journal.Existing(ctx, e)
	if err == nil && j != nil {
		var t *tracker
		if t, err = newTracker(ctx, j, ids); err == nil {
			return t
		}
		_ = j.Close()
	}
	if err != nil && ctx.Err() == nil {
		e.Warn(strings.TrimSuffix(err.Error(), "; nothing was sent") + "; what becomes of the tasks is not recorded")
	}
	return nil
}

// readJournal returns the tasks that --from-journal means.
func (s *source) readJournal(ctx context.Context, e cli.Env) (*idlist.List, *tracker, error) {
	ids := idlist.New()
	chosen, err := s.chosen()
	if err != nil {
		return nil, nil, err
	}
	j, err := s.open(ctx, e)
	if err != nil {
		return nil, nil, err
	}
	t := &tracker{ids: ids, journal: j, fromJournal: true}
	if j != nil {
		if err := t.choose(ctx, chosen); err != nil {
			_ = j.Close()
			return nil, nil, err
		}
	}
	if ids.Len() == 0 {
		text := "nothing to do: the journal has no task"
		if what := chosen.String(); what != "" {
			text += " that is " + what
		}
		e.Warn(text)
	}
	return ids, t, nil
}

func (s *source) open(ctx context.Context, e cli.Env) (*batch.FileJournal, error) {
	if s.records {
		return s.journal.Existing(ctx, e)
	}
	return cli.AwaitValue(ctx, func() (*batch.FileJournal, error) { return s.journal.Read(e) })
}
