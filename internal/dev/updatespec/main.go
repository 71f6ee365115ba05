// Command updatespec imports a newer contract: it reads it, generates the client,
// runs the tests that depend on a contract, reports what changed and what of it
// breaks programs, and then puts it all in place. It runs in the module's root and
// works in a copy of it, so that a failure of any step, or an interrupt, leaves the
// tree as it was. It is configured by environment variables, as make passes them on:
//
//	SPEC_URL   where to fetch the contract; the default is the published address
//	SPEC_FILE  the file to read it from instead
//	SERVICE    the service whose contract it is, where this module has several
//	WITHDRAW   operations, separated by commas, that the contract no longer has: what
//	           belonged to them is deleted, and what still uses them is listed
//	VERDICT    a file for one word about the changes: compatible, breaking or unknown
//
// The report goes to standard output, all else to standard error. A contract that is
// refused has the reason on the first line. The exit status is
//
//	0  the contract is in place
//	1  it was not imported, and the tree is as it was
//	2  usage error
//	3  it is in place without the operations in WITHDRAW, and the module does not
//	   compile until the places that are listed have been edited
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/tensorslab/tensorslab-go/internal/dev/codegen"
	"github.com/tensorslab/tensorslab-go/internal/dev/updatespec/changes"
)

// errUsage is for variables that contradict each other or are not understood.
var errUsage = errors.New("usage: make update-spec [SPEC_URL=https://… | SPEC_FILE=…] [WITHDRAW=operationId,…]")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	u := update{root: ".", first: firstPackages, build: builtPackages, tests: contractTests, out: os.Stdout, log: os.Stderr}
	os.Exit(run(ctx, &u, os.Args[1:], os.Getenv))
}

// run returns the exit status.
func run(ctx context.Context, u *update, args []string, env func(string) string) int {
	u.withdraw = strings.FieldsFunc(env("WITHDRAW"), func(r rune) bool { return r == ',' || r == ' ' })
	service, err := serviceOf(codegen.All, env("SERVICE"))
	if err == nil {
		u.service = service
		var read source
		if read, err = sourceOf(args, env, service.Address); err == nil {
			err = u.run(ctx, read)
		}
	}
	status := u.explain(err)
	if u.report == (changes.Report{}) {
		return status
	}
	for _, note := range u.notes {
		fmt.Fprintf(u.log, "has no effect: %s\n", note)
	}
	_, err = io.WriteString(u.out, u.report.Text)
	if u.report.Incomplete != "" {
		fmt.Fprintf(u.log, "updatespec: %s\n", u.report.Incomplete)
	}
	if err := errors.Join(err, changes.WriteVerdict(env("VERDICT"), u.report.Verdict())); err != nil {
		fmt.Fprintf(u.log, "updatespec: %v\n", err)
		status = max(status, exitFailed)
	}
	return status
}

const (
	exitFailed     = 1
	exitUsage      = 2
	exitUnfinished = 3
)

// explain prints an error, the reason first, and returns the exit status for it.
func (u *update) explain(err error) int {
	var part *codegen.PartError
	var refused *refusal
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errUsage):
		fmt.Fprintf(u.log, "updatespec: %v\n", err)
		return exitUsage
	case errors.Is(err, errUnfinished):
		fmt.Fprintf(u.log, "updatespec: %v\n", err)
		return exitUnfinished
	case errors.As(err, &part):
		fmt.Fprintf(u.log, "updatespec: %v\n", err)
		return exitFailed
	}
	u.announce(err)
	if errors.As(err, &refused) {
		refused.explain(u.log)
	}
	return exitFailed
}

// source reads a document as it was published.
type source func(ctx context.Context) ([]byte, error)

// serviceOf returns the service of a name, which may be empty if there is only one.
func serviceOf(all codegen.Services, name string) (codegen.Service, error) {
	var names []string
	for _, s := range all {
		if s.Name == name || name == "" && len(all) == 1 {
			return s, nil
		}
		names = append(names, s.Name)
	}
	return codegen.Service{}, fmt.Errorf("SERVICE is not one of %s; %w", strings.Join(names, ", "), errUsage)
}

func sourceOf(args []string, env func(string) string, address string) (source, error) {
	url, file := env("SPEC_URL"), env("SPEC_FILE")
	switch {
	case len(args) > 0:
		return nil, errUsage
	case url != "" && file != "":
		return nil, fmt.Errorf("both SPEC_URL and SPEC_FILE are set; %w", errUsage)
	case file != "":
		return func(context.Context) ([]byte, error) { return readFile(file, maxDocument) }, nil
	}
	f := fetcher{timeout: fetchTimeout, limit: maxDocument}
	return func(ctx context.Context) ([]byte, error) {
		return f.fetch(ctx, cmp.Or(url, address))
	}, nil
}
