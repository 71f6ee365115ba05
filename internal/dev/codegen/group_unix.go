//go:build unix

package codegen

import (
	"os/exec"
	"syscall"
)

// ownGroup starts a program in a process group of its own.
func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// interrupt asks a program and all that it started to end. The go command passes
// an interrupt on to the tool that it runs, but not in its first moments.
func interrupt(cmd *exec.Cmd) error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGINT) }
