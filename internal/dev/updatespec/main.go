// Command updatespec imports a newer contract: it reads it, generates the client,
// runs the tests that depend on a contract, reports what changed and what of it
// breaks programs, and then puts it all in place. It runs in the module's root and
// works in a copy of it, so that a failure of any step, or an interrupt, leaves the
// tree as it was. It is configured by environment variables, as make passes them on:
//
//	SPEC_URL   where to fetch the contract; the default is the published address
//	SPEC_FILE  the file to read it from instead
//
// The report goes to standard output, progress to standard error. The exit status
// is 0, or 1 if the contract was not imported, or 2 for a usage error.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/tensorslab/tensorslab-go/internal/dev/codegen"
)

// publishedURL is where TensorsLab publishes the contract.
const publishedURL = "https://docs.tensorslab.com/api-reference/image/openapi.json"

// errUsage is for variables that contradict each other or are not understood.
var errUsage = errors.New("usage: make update-spec [SPEC_URL=https://… | SPEC_FILE=…]")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	u := update{root: ".", build: builtPackages, tests: contractTests, out: os.Stdout, log: os.Stderr}
	os.Exit(run(ctx, &u, os.Args[1:], os.Getenv))
}

// run returns the exit status.
func run(ctx context.Context, u *update, args []string, env func(string) string) int {
	read, err := sourceOf(args, env)
	if err == nil {
		err = u.run(ctx, read)
	}
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errUsage):
		fmt.Fprintf(u.log, "updatespec: %v\n", err)
		return 2
	}
	if part := (*codegen.PartError)(nil); !errors.As(err, &part) {
		err = fmt.Errorf("%w; the tree is as it was", err)
	}
	fmt.Fprintf(u.log, "updatespec: %v\n", err)
	return 1
}

// source reads a document as it was published.
type source func(ctx context.Context, log io.Writer) ([]byte, error)

func sourceOf(args []string, env func(string) string) (source, error) {
	url, file := env("SPEC_URL"), env("SPEC_FILE")
	switch {
	case len(args) > 0:
		return nil, errUsage
	case url != "" && file != "":
		return nil, fmt.Errorf("both SPEC_URL and SPEC_FILE are set; %w", errUsage)
	case file != "":
		return func(_ context.Context, log io.Writer) ([]byte, error) {
			fmt.Fprintf(log, "reading %s\n", file)
			return readFile(file, maxDocument)
		}, nil
	}
	f := fetcher{timeout: fetchTimeout, limit: maxDocument}
	return func(ctx context.Context, log io.Writer) ([]byte, error) {
		return f.fetch(ctx, log, cmp.Or(url, publishedURL))
	}, nil
}
