// Package journal opens the record of the tasks that the command has created. The
// service has no list of tasks, so that nothing else knows them.
package journal

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
)

// Help is the part of a command's help about the journal.
const Help = `The journal is a file of JSON lines, one for each change of a task, which only you
may read: $XDG_STATE_HOME/tensorslab/tasks.jsonl or ~/.local/state/tensorslab/tasks.jsonl
(macOS: ~/Library/Application Support/tensorslab, Windows: %LocalAppData%\tensorslab),
or --journal FILE. A service at another base URL has a journal of its own, such as
tasks-127.0.0.1-8787.jsonl in the same folder, and no command sends anything for tasks
of one service to another.`

// Flags say which journal to use.
type Flags struct {
	File string // --journal; empty for the default
	None bool   // --no-journal

	// AnyService is set by commands that send nothing: they take a file whatever service
	// its tasks are of.
	AnyService bool

	flags *pflag.FlagSet // of the command line, which may say which service
}

// Register defines --journal for cmd and, for commands that create tasks, --no-journal.
func (f *Flags) Register(cmd *cobra.Command, creates bool) {
	f.flags = cmd.Flags()
	usage := "use the journal of tasks in `FILE`"
	if creates {
		usage = "record the tasks in the journal `FILE`"
	}
	cmd.Flags().StringVar(&f.File, "journal", "", usage+" (default: see above)")
	if creates {
		cmd.Flags().BoolVar(&f.None, "no-journal", false, "keep no record of the tasks")
	}
	_ = cmd.MarkFlagFilename("journal")
}

// Check returns a usage error for flags that exclude each other. A demo has no journal,
// because its tasks end with it.
func (f *Flags) Check(demo bool) error {
	switch {
	case f.File != "" && f.None:
		return cli.Usagef("use --journal or --no-journal, not both")
	case f.File == "-":
		return cli.Usagef("--journal must be the name of a file")
	case strings.HasPrefix(f.File, "postgres://"), strings.HasPrefix(f.File, "postgresql://"): // may hold a password
		return cli.Usagef("--journal must be the name of a file; for the jobs of package durable use tensorslab-jobs, or its list --json as a journal (docs/durable.md)")
	case f.File != "" && demo:
		return cli.Usagef("--demo keeps no journal, because its tasks end with it; leave --journal out")
	}
	return nil
}

// Path returns the name of the journal's file.
func (f *Flags) Path(e cli.Env) (string, error) {
	if f.File != "" {
		return f.File, nil
	}
	return defaultPath(e, f.service(e))
}

// Shared opens the journal to add to it, beside other processes that may do the same, and
// creates it if need be. It returns nil for --no-journal.
func (f *Flags) Shared(ctx context.Context, e cli.Env) (*batch.FileJournal, error) {
	return f.open(ctx, e, batch.OpenSharedJournal, false)
}

// Exclusive opens the journal for a batch, and creates it if need be. Of two batches with
// one journal the second gets an error that names the first; Shared is not in its way.
// The caller has made sure that the flags do not say --no-journal.
func (f *Flags) Exclusive(ctx context.Context, e cli.Env) (*batch.FileJournal, error) {
	return f.open(ctx, e, batch.OpenJournal, true)
}

type opener = func(path string) (*batch.FileJournal, error)

func (f *Flags) open(ctx context.Context, e cli.Env, open opener, isBatch bool) (*batch.FileJournal, error) {
	if f.None {
		return nil, nil
	}
	path, err := f.Path(e)
	if err != nil {
		return nil, err
	}
	return cli.AwaitValue(ctx, func() (*batch.FileJournal, error) { // another process may be writing
		if f.File == "" {
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				return nil, unusable(path, err, isBatch)
			}
		}
		j, err := open(path)
		if err != nil {
			return nil, unusable(path, err, isBatch)
		}
		if err := f.bind(e, path, j); err != nil {
			return nil, err
		}
		return j, nil
	})
}

// Read opens the journal for reading, as it is now, whoever writes to it. It returns nil
// if the default journal does not exist, because then this machine has created no task.
func (f *Flags) Read(e cli.Env) (*batch.FileJournal, error) {
	path, err := f.Path(e)
	if err != nil {
		return nil, err
	}
	j, err := batch.ReadJournal(path)
	switch {
	case f.File == "" && errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, cli.Usagef("cannot read the journal of tasks: %w; correct that, or name another file with --journal", bare(err))
	}
	if err := f.bind(e, path, j); err != nil {
		return nil, err
	}
	return j, nil
}

// Command returns the beginning of a command about the same journal.
func (f *Flags) Command(verb string) string {
	if f.File != "" {
		return "tensorslab images " + verb + " --journal " + cli.ShellQuote(f.File)
	}
	command := "tensorslab images " + verb
	for _, word := range f.RepeatService() {
		command += " " + cli.ShellQuote(word)
	}
	return command
}

// Repeat returns the flags of this command line that another command about the same tasks
// needs.
func (f *Flags) Repeat() []string {
	switch {
	case f.None:
		return []string{"--no-journal"}
	case f.File != "":
		return []string{"--journal", f.File}
	}
	return nil
}

// unusable words an error for those who are about to pay. A batch that gets another
// journal does not know what is paid for in this one.
func unusable(path string, err error, isBatch bool) error {
	if errors.Is(err, batch.ErrLocked) {
		return cli.Usagef("%w; wait for that batch to end or, if this one has other prompts, give it a journal of its own with --journal FILE; nothing was sent", bare(err))
	}
	if info, statErr := os.Stat(path); isBatch && statErr == nil && info.Mode().IsRegular() {
		return cli.Usagef("cannot open the journal of tasks: %w; correct that: with another journal, or without one, prompts that are in this one would be paid for again; nothing was sent", bare(err))
	}
	return cli.Usagef("cannot open the journal of tasks: %w; correct that, use --journal FILE for another one, or --no-journal for none; nothing was sent", bare(err))
}
