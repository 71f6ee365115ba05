//go:build unix

// Package cpu tells what a process has spent.
package cpu

import (
	"syscall"
	"time"
)

// Time is what the process has spent on all processors, in the system as well.
func Time() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err) // it takes any address
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
