// Command ratios reads what go test -bench printed, from the files named or
// else from standard input, and prints Markdown: how the medians stand to the
// goals of this client, and the medians of all peers.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"time"
)

func main() {
	if err := run(os.Args[1:], os.Stdin, os.Stdout, time.Now()); err != nil {
		fmt.Fprintln(os.Stderr, "ratios:", err)
		os.Exit(1)
	}
}

func run(files []string, stdin io.Reader, stdout io.Writer, now time.Time) error {
	s := newSamples()
	if len(files) == 0 {
		if err := s.read(stdin, "standard input"); err != nil {
			return err
		}
	}
	for _, name := range files {
		if err := s.readFile(name); err != nil {
			return err
		}
	}
	if len(s.names) == 0 {
		return errors.New("no benchmark results found; run go test -bench . first")
	}
	return writeReport(stdout, s, runtime.Version(), now)
}
