//go:build !docs

// Command tensorslab deletes image tasks of TensorsLab's Images Service, and
// serves a fake of it to try things out. Run "tensorslab --help".
package main

import (
	"context"
	"io"
	"log"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	// A closed stdout has to be an error of the write and not the end of the
	// process, which would leave the account unwritten.
	signal.Ignore(syscall.SIGPIPE)
	// net/http writes to it what a server sends unasked, which may hold the key.
	log.SetOutput(io.Discard)
	home, _ := os.UserHomeDir() // without one there is no .env file to look into
	e := env{
		stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr,
		getenv: os.Getenv, home: home, lastWords: new(lastWords),
	}
	ctx, cancel := context.WithCancel(context.Background())
	go obey(stopSignals(), cancel, func() {
		e.lastWords.say()
		os.Exit(statusInterrupted)
	})
	os.Exit(run(ctx, os.Args[1:], e))
}
