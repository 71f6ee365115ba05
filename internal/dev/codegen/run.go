package codegen

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// Limits of what is quoted in an error, in bytes.
const (
	maxErrorText = 800
	maxLineText  = 80
)

// killDelay is how long a program may take to end after an interrupt.
const killDelay = 3 * time.Second

// Run runs a program in dir and returns its standard output. If it fails, the
// error holds what it wrote to standard error, on one line. The end of ctx ends
// the program. env is added to the environment; see [hostEnv] for what is there.
func Run(ctx context.Context, dir string, env []string, name string, args ...string) (string, error) {
	var stdout, stderr bytes.Buffer
	cmd := command(ctx, dir, env, name, args...)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return "", runError(ctx, cmd, err, stderr.String())
	}
	return stdout.String(), nil
}

// Stream is [Run] for a program whose output people read as it comes: all of it
// goes to w, and none of it into the error.
func Stream(ctx context.Context, w io.Writer, dir string, env []string, name string, args ...string) error {
	cmd := command(ctx, dir, env, name, args...)
	cmd.Stdout, cmd.Stderr = w, w
	if err := cmd.Run(); err != nil {
		return runError(ctx, cmd, err, "")
	}
	return nil
}

func command(ctx context.Context, dir string, env []string, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	cmd.Env = append(append(cmd.Environ(), hostEnv()...), env...)
	// Killed, the go command would leave the tool behind that it runs.
	ownGroup(cmd)
	cmd.Cancel = func() error {
		if err := interrupt(cmd); err != nil {
			return cmd.Process.Kill()
		}
		return nil
	}
	cmd.WaitDelay = killDelay
	return cmd
}

func runError(ctx context.Context, cmd *exec.Cmd, err error, stderr string) error {
	if ctx.Err() != nil {
		return fmt.Errorf("%s: %w", strings.Join(cmd.Args[:min(2, len(cmd.Args))], " "), context.Cause(ctx))
	}
	if said := errorText(stderr); said != "" {
		return fmt.Errorf("%s: %w", said, err)
	}
	return err
}

// hostEnv keeps the user's settings from changing what is generated: a workspace
// would replace the pinned modules, and a tool that is cross-compiled cannot run.
func hostEnv() []string {
	return []string{"GOWORK=off", "GOOS=" + runtime.GOOS, "GOARCH=" + runtime.GOARCH}
}

// errorText joins the lines of stderr that say something.
func errorText(stderr string) string {
	var said strings.Builder
	for line := range strings.Lines(stderr) {
		line = strings.TrimLeft(strings.TrimSpace(line), ": ")
		switch text := said.String(); {
		case line == "", strings.HasPrefix(line, "go: downloading "):
			continue
		case strings.HasSuffix(text, ":"):
			said.WriteString(" ")
		case text != "":
			said.WriteString("; ")
		}
		said.WriteString(line)
	}
	return shorten(said.String(), maxErrorText)
}

// shorten cuts text after limit bytes and marks that it did.
func shorten(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	return strings.ToValidUTF8(text[:limit], "") + "…"
}
