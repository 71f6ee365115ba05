//go:build !unix

package codegen

import (
	"os"
	"os/exec"
)

func ownGroup(*exec.Cmd) {}

// interrupt fails where programs can't be interrupted, as on Windows and Plan 9.
// The caller kills instead.
func interrupt(cmd *exec.Cmd) error { return cmd.Process.Signal(os.Interrupt) }
