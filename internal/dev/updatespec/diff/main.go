// Command diff reports what changed since a git revision: `diff spec` in the
// contract, `diff api` in the Go API of the packages for users. It runs in the
// module's root and compares with the files as they are there. It is configured by
// environment variables, as make passes them on:
//
//	BASE             the git revision to compare with
//	FORMAT           text (the default), or markdown for a pull request
//	ACCEPT_BREAKING  if not empty, breaking changes do not fail
//	VERDICT          a file for the verdict in one word: compatible, breaking or unknown
//
// It prints nothing if nothing changed. The exit status is 0, or 1 if a change breaks
// programs, or 2 if it could not tell, because something could not be compared. make
// exits with status 2 for either, so a script that runs it reads VERDICT.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/tensorslab/tensorslab-go/internal/dev/codegen"
	"github.com/tensorslab/tensorslab-go/internal/dev/updatespec/changes"
)

const (
	exitBreaking = 1
	exitFailed   = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	os.Exit(run(ctx, ".", os.Args[1:], os.Getenv, os.Stdout, os.Stderr))
}

// run returns the exit status.
func run(ctx context.Context, root string, args []string, env func(string) string, stdout, stderr io.Writer) int {
	report, err := compare(ctx, root, args, env)
	verdict := report.Verdict()
	if err != nil {
		fmt.Fprintf(stderr, "diff: %v\n", err)
		verdict = changes.Unknown
	}
	if err := changes.WriteVerdict(env("VERDICT"), verdict); err != nil {
		fmt.Fprintf(stderr, "diff: %v\n", err)
		return exitFailed
	}
	if _, wrong := io.WriteString(stdout, report.Text); err != nil || wrong != nil {
		return exitFailed // wrong means that nobody reads the report
	}
	return status(report, env, stderr)
}

// status says on one line why the exit status is not 0. That a change breaks programs
// counts more than that something else could not be compared.
func status(report changes.Report, env func(string) string, stderr io.Writer) int {
	if report.Breaking && env("ACCEPT_BREAKING") == "" {
		fmt.Fprintf(stderr, "diff: programs that rely on %s break; CONTRIBUTING.md says what a pull request then needs%s\n", env("BASE"), also(report.Incomplete))
		return exitBreaking
	}
	if report.Incomplete != "" {
		fmt.Fprintf(stderr, "diff: %s\n", report.Incomplete)
		return exitFailed
	}
	return 0
}

func also(incomplete string) string {
	if incomplete == "" {
		return ""
	}
	return "; " + incomplete
}

func compare(ctx context.Context, root string, args []string, env func(string) string) (changes.Report, error) {
	var none changes.Report
	format := changes.Format(cmp.Or(env("FORMAT"), string(changes.Text)))
	if format != changes.Text && format != changes.Markdown {
		return none, fmt.Errorf("FORMAT: unknown format %q: want text or markdown", format)
	}
	if len(args) != 1 || args[0] != "spec" && args[0] != "api" {
		return none, errors.New("nothing to compare: want spec or api")
	}
	root, err := filepath.Abs(root)
	if err != nil {
		return none, err
	}
	base, err := openRepository(ctx, root, env("BASE"))
	if err != nil {
		return none, err
	}
	if args[0] == "api" {
		return api(ctx, base, format)
	}
	return spec(ctx, base, codegen.All, format)
}

// spec compares the contract of each service. One that BASE has not is new, unless it is
// that of the first service.
func spec(ctx context.Context, base *repository, services codegen.Services, format changes.Format) (report changes.Report, err error) {
	for i, s := range services {
		now, err := os.ReadFile(filepath.Join(base.root, filepath.FromSlash(s.Document)))
		if err != nil {
			return changes.Report{}, err
		}
		if had, err := base.has(ctx, s.Document); err == nil && !had && i > 0 {
			report = report.With(changes.Report{Text: s.Document + " is a new contract.\n"})
			continue
		}
		old, err := base.contract(ctx, s.Document)
		if err != nil {
			return changes.Report{}, err
		}
		found, err := changes.Contract(ctx, base.root, old, now, format)
		if err != nil {
			return changes.Report{}, fmt.Errorf("%s: %w", s.Document, err)
		}
		report = report.With(found)
	}
	return report, nil
}

func api(ctx context.Context, base *repository, format changes.Format) (changes.Report, error) {
	dir, err := os.MkdirTemp("", "tensorslab-base-")
	if err != nil {
		return changes.Report{}, err
	}
	defer os.RemoveAll(dir)
	if err := base.export(ctx, dir); err != nil {
		return changes.Report{}, err
	}
	return changes.API(ctx, base.root, dir, format)
}
