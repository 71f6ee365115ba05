package main

import (
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/outfile"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// waitFlags say how long to wait for a task.
type waitFlags struct{ waitTimeout time.Duration }

func (f *waitFlags) register(fs *pflag.FlagSet) {
	fs.DurationVar(&f.waitTimeout, "wait-timeout", wrapper.DefaultWaitTimeout, "how long to wait for a task")
}

func (f *waitFlags) checkWait() error {
	if f.waitTimeout <= 0 {
		return usagef("--wait-timeout wants a duration above 0, such as 5m")
	}
	return nil
}

// saveFlags say where images are written.
type saveFlags struct {
	out                 string
	force, allowPrivate bool
}

func (f *saveFlags) register(cmd *cobra.Command, out, usage string) {
	fs := cmd.Flags()
	fs.StringVar(&f.out, "out", out, usage)
	fs.BoolVar(&f.force, "force", false, "replace files that are there already")
	fs.BoolVar(&f.allowPrivate, "allow-private", false, "download from addresses that are not public, too")
	_ = cmd.MarkFlagDirname("out")
}

// open makes sure that images can be written, before they are paid for.
func (f *saveFlags) open() (*outfile.Folder, error) {
	folder, err := outfile.Open(f.out, f.force)
	if err != nil {
		return nil, usagef("cannot write to --out: %w; nothing was sent", err)
	}
	return folder, nil
}

// allowsPrivate reports whether images may come from addresses that are not
// public. A service on this machine has its images there, too.
func (f *saveFlags) allowsPrivate(e env, s serviceFlags) bool {
	_, base := s.base(e)
	return f.allowPrivate || isOnLoopback(base)
}

// tasksFlags are the flags of the commands that take ids.
type tasksFlags struct {
	serviceFlags
	file string
}

func (f *tasksFlags) register(cmd *cobra.Command) {
	fs := cmd.Flags()
	fs.SortFlags = false
	fs.StringVarP(&f.file, "file", "f", "", "read ids from `FILE`, one a line (- is standard input)")
	cmd.ValidArgsFunction = cobra.NoFileCompletions // ids are no files
}
