package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

// env is what a command takes from the process. Terminals are recognised by
// being an *os.File.
type env struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	getenv         func(string) string
	home           string // the user's home directory, or empty
	lastWords      *lastWords
}

// run is the whole command: it takes the arguments without the program's name
// and returns the exit status. The end of ctx is an interruption by the user.
func run(ctx context.Context, args []string, e env) int {
	root := newRoot(e)
	root.SetArgs(append([]string{}, args...)) // nil would mean os.Args
	root.SetIn(e.stdin)
	root.SetOut(e.stdout)
	root.SetErr(e.stderr)
	err := root.ExecuteContext(ctx)
	// A reader that went away wants no more, and no message about it either.
	if err != nil && !errors.Is(err, syscall.EPIPE) {
		fmt.Fprintln(e.stderr, "tensorslab: "+plain(err))
	}
	return statusOf(err)
}

func newRoot(e env) *cobra.Command {
	root := group("tensorslab", "Generate images with TensorsLab's Images Service, and delete them")
	root.Version = wrapper.Version
	root.SilenceErrors = true
	root.SilenceUsage = true
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetFlagErrorFunc(flagError)
	images := group("images", "Work with image tasks")
	images.AddCommand(newGenerateCommand(e), newInfoCommand(e), newWaitCommand(e), newDownloadCommand(e), newDeleteCommand(e))
	root.AddCommand(images, newDemoCommand(e), newFakeCommand(e), newSpecCommand(e), newVersionCommand(e), newCompletionCommand(e))
	return root
}

// await is do, unless ctx ends before: then it returns at once with the status
// of an interruption, and do is left behind. Reading can't be cancelled.
func await(ctx context.Context, do func() error) error {
	done := make(chan error, 1)
	go func() { done <- do() }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return failf(statusInterrupted, "interrupted; nothing was sent")
	}
}

func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
