package images

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// end returns the error of the command. An interruption by the user comes before anything
// that the service said.
func (t *taskRun) end(ctx context.Context, total int) error {
	outErr := t.report.Err()
	notDone := t.notDone()
	switch {
	case ctx.Err() != nil && notDone > 0:
		return cli.Failf(cli.Interrupted, "interrupted: %d of %s not done; the tasks continue at the service, so run the command again for the rest",
			notDone, cli.Count(total, "task"))
	case t.causes.unauthorized:
		return cli.Failf(cli.Auth, "the service rejected the key; %s", t.Advisor().KeyAdvice())
	case t.causes.credits:
		return cli.Failf(cli.Credits, "not enough credits; "+cli.AddCredits)
	case outErr != nil:
		return fmt.Errorf("standard output could not be written: %w", outErr)
	case t.failed > 0 && t.failed == t.later && t.kept == 0:
		return cli.Failf(cli.Later, "%s", t.summary(total))
	case t.failed+t.kept > 0:
		return cli.Failf(cli.Failed, "%s", t.summary(total))
	case t.unfinished > 0:
		return cli.Failf(cli.Unfinished, "%s", t.summary(total))
	}
	return nil
}

func (t *taskRun) notDone() int { return t.failed + t.unfinished + t.kept }

// summary says how many tasks of total were not done, and why. Only the first number says
// of how many.
func (t *taskRun) summary(total int) string {
	var parts []string
	add := func(n int, one, many string) {
		verb := many
		if n == 1 {
			verb = one
		}
		switch {
		case n > 0 && len(parts) == 0:
			parts = append(parts, fmt.Sprintf("%d of %s %s", n, cli.Count(total, "task"), verb))
		case n > 0:
			parts = append(parts, fmt.Sprintf("%d %s", n, verb))
		}
	}
	add(t.failed-t.unknown-t.notQueried-t.notStored, "failed", "failed")
	add(t.unknown, "is not known to the service", "are not known to the service")
	add(t.notQueried, "could not be queried", "could not be queried")
	add(t.notStored, "could not be saved", "could not be saved")
	add(t.unfinished, "is not finished yet", "are not finished yet")
	add(t.kept, "was "+notSaved, "were "+notSaved)
	if n := len(parts); n > 1 {
		parts[n-1] = "and " + parts[n-1]
	}
	return strings.Join(parts, ", ")
}

const notSaved = "not saved, because existing files were kept; pass --force to replace them, or another --out"

// errUnfinished is wrapped by errors about tasks that have not ended yet.
var errUnfinished = errors.New("the task is not completed")

// isUnfinished reports whether err says that a task has not ended yet. It did not fail. A
// task that no query has found may not exist.
func isUnfinished(err error) bool {
	if errors.As(err, new(*wrapper.WaitError)) {
		return cli.StatusFor(err) == cli.Unfinished
	}
	return errors.Is(err, errUnfinished)
}
