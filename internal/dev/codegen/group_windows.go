package codegen

import (
	"os"
	"os/exec"
)

func ownGroup(*exec.Cmd) {}

// interrupt is unavailable on Windows, where the caller kills instead.
func interrupt(cmd *exec.Cmd) error { return cmd.Process.Signal(os.Interrupt) }
