// Package cli holds what all commands share: the process's environment, exit statuses,
// errors in the words of operators, and the reporter that writes to standard output.
package cli

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

// Env is what commands take from the process, so that tests can replace it. Its writers
// should be those of Until.
type Env struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Getenv         func(string) string
	Home           string    // the user's home directory, or empty
	OnExit         *ExitHook // runs before the process exits at a second signal
	Secret         *Secret   // the API key, once it is known
	// Open opens an address or a file with a program of the platform. It is nil where there
	// is none, as on a server.
	Open func(target string) error
}

// Run executes root with args, which do not include the program's name, and returns the
// exit status. The end of ctx is an interruption by the user. An error goes to Stderr as
// one line.
func Run(ctx context.Context, e Env, root *cobra.Command, args []string) int {
	root.SetArgs(append([]string{}, args...)) // nil would mean os.Args
	root.SetIn(e.Stdin)
	out := &noting{w: e.Stdout} // what prints help has no error to return
	root.SetOut(out)
	root.SetErr(e.Stderr)
	if e.Getenv != nil { // the key may be typed in the wrong place, and be in an error before it is used
		e.Secret.Set(e.Getenv(wrapper.EnvAPIKey))
	}
	cmd, err := root.ExecuteContextC(ctx)
	if err == nil {
		err = out.err
	}
	// A reader that closed the pipe has seen enough; a message would only be noise.
	if err != nil && !errors.Is(err, syscall.EPIPE) {
		fmt.Fprintln(e.Stderr, "tensorslab: "+OneLine(e.Secret.Text(textOf(cmd, err))))
	}
	return StatusOf(err)
}

// noting is a writer that keeps the error of the first write that failed.
type noting struct {
	w   io.Writer
	err error
}

func (n *noting) Write(p []byte) (int, error) {
	written, err := n.w.Write(p)
	if err != nil && n.err == nil {
		n.err = fmt.Errorf("standard output could not be written: %w", err)
	}
	return written, err
}

// Await returns the result of do, or an error with status Interrupted as soon as ctx
// ends. Then do keeps running in the background, because a read cannot be cancelled.
func Await(ctx context.Context, do func() error) error {
	_, err := AwaitValue(ctx, func() (struct{}, error) { return struct{}{}, do() })
	return err
}

// AwaitValue is [Await] for a function with a result.
func AwaitValue[T any](ctx context.Context, do func() (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		value, err := do()
		done <- result{value, err}
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
		var none T
		return none, Failf(Interrupted, "interrupted; nothing was sent")
	}
}

// IsAnimated reports whether standard error is a terminal on which lines can be drawn
// again, and whose user has not asked for plain text.
func IsAnimated(e Env) bool {
	return IsTerminal(e.Stderr) && e.Getenv("TERM") != "dumb" && e.Getenv("NO_COLOR") == ""
}

// IsTerminal reports whether stream is a terminal, or a writer of Until to one.
func IsTerminal(stream any) bool {
	if u, ok := stream.(*untilWriter); ok {
		stream = u.w
	}
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
