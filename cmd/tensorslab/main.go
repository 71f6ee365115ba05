//go:build !docs

// Command tensorslab generates images with TensorsLab's Images Service and deletes them,
// and serves a fake of it to try things out. Run "tensorslab --help".
package main

import (
	"context"
	"io"
	"log"
	"os"
	"os/signal"
	"syscall"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/opener"
)

func main() {
	// A closed standard output has to be an error of the write. The signal would end the
	// process before it can say what was not done.
	signal.Ignore(syscall.SIGPIPE)
	// net/http logs data that a server sends without a request, which may contain the key.
	log.SetOutput(io.Discard)
	home, _ := os.UserHomeDir() // without a home directory there is no .env file to read
	ctx, cancel := context.WithCancel(context.Background())
	e := cli.Env{
		Stdin: os.Stdin, Stdout: cli.Until(ctx, cli.Output(os.Stdout, os.Stderr)), Stderr: cli.Until(ctx, os.Stderr),
		Getenv: os.Getenv, Home: home, OnExit: new(cli.ExitHook), Secret: new(cli.Secret),
		Open: opener.For(os.Getenv),
	}
	go cli.HandleSignals(cli.StopSignals(), cancel, func() {
		os.Exit(e.OnExit.Run())
	})
	status := cli.Run(ctx, e, newRoot(e), os.Args[1:])
	e.OnExit.Settle()
	os.Exit(status)
}
