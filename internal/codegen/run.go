package codegen

import (
	"bytes"
	"context"
	"fmt"
	"os"
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

// run runs a program in dir and returns its standard output. If it fails, the
// error holds what it wrote to standard error, on one line. The end of ctx ends
// the program.
func run(ctx context.Context, dir, name string, args ...string) (string, error) {
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &stdout, &stderr
	cmd.Env = append(cmd.Environ(), hostEnv()...)
	// The go command passes an interrupt on to the tool that it runs. Killed, it
	// would leave the tool behind.
	cmd.Cancel = func() error {
		if err := cmd.Process.Signal(os.Interrupt); err != nil {
			return cmd.Process.Kill()
		}
		return nil
	}
	cmd.WaitDelay = killDelay
	err := cmd.Run()
	switch {
	case err == nil:
		return stdout.String(), nil
	case ctx.Err() != nil:
		return "", fmt.Errorf("%s %s: %w", name, args[0], context.Cause(ctx))
	}
	if said := errorText(stderr.String()); said != "" {
		return "", fmt.Errorf("%s: %w", said, err)
	}
	return "", err
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
