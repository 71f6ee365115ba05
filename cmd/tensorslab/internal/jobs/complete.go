package jobs

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/journal"
)

// mostCompletions is how many words a shell is offered: the latest ones.
const mostCompletions = 100

// CompleteIDs offers the ids of the tasks in these states, or of all that are not deleted,
// from the journal. The files of the current folder are never meant.
func CompleteIDs(e cli.Env, f *journal.Flags, states ...batch.State) cobra.CompletionFunc {
	return func(_ *cobra.Command, args []string, begin string) ([]cobra.Completion, cobra.ShellCompDirective) {
		return offered(e, f, begin, func(entry batch.Entry) string {
			wanted := slices.Contains(states, entry.State) || len(states) == 0 && entry.State != batch.Deleted
			if !wanted || slices.Contains(args, entry.TaskID) {
				return ""
			}
			return entry.TaskID
		})
	}
}

// completeKeys offers the keys of the jobs in these states as the first argument.
func completeKeys(e cli.Env, f *journal.Flags, states ...batch.State) cobra.CompletionFunc {
	return func(_ *cobra.Command, args []string, begin string) ([]cobra.Completion, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return offered(e, f, begin, func(entry batch.Entry) string {
			if slices.Contains(states, entry.State) {
				return entry.Key
			}
			return ""
		})
	}
}

// offered returns the words of entries that begin as typed, the latest first. A journal
// that cannot be read offers none: there is no place for an error.
func offered(e cli.Env, f *journal.Flags, begin string, word func(batch.Entry) string) ([]cobra.Completion, cobra.ShellCompDirective) {
	j, err := f.Read(e)
	if err != nil || j == nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	defer j.Close()
	var found []cobra.Completion
	for entry, err := range j.All(context.Background()) {
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		w := word(entry)
		if w == "" || !strings.HasPrefix(w, begin) || cli.Printable(w) != w {
			continue
		}
		if len(found) == 2*mostCompletions {
			found = slices.Delete(found, 0, mostCompletions)
		}
		found = append(found, cobra.CompletionWithDesc(strings.Clone(w), describe(entry)))
	}
	slices.Reverse(found)
	return found[:min(len(found), mostCompletions)], cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
}

// describe returns what a shell shows beside a word.
func describe(e batch.Entry) string {
	return e.State.String() + " " + cut(cli.OneLine(e.Prompt), plainPrompt)
}
