package images

import (
	"context"
	"errors"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// follow reports a task that was created before it does anything else, so that neither
// Ctrl-C nor a closed standard output loses the id.
func (t *taskRun) follow(ctx context.Context, f generateFlags, id string) error {
	t.OnExit.Set(func() {
		t.discard()
		t.Warn("ended; the task continues at the service; to continue: " + cli.ShellCommand("wait", id))
	})
	t.report.Report(createdRecord{id, f.model})
	if err := t.report.Err(); err != nil {
		// It is not wrapped: cli.Run is silent about a closed pipe, but this must be said.
		return cli.Failf(cli.Failed, "the task was created, but standard output could not be written (%v); to continue: %s",
			err, cli.ShellCommand("wait", id))
	}
	if !f.wait && f.out == "" {
		return nil
	}
	next, err := t.complete(ctx, f, id)
	if err != nil {
		t.fail(id, err)
	}
	return t.followed(ctx, next)
}

// complete waits for a task and saves its images. Together with an error it returns the
// command to continue with, if there is one.
func (t *taskRun) complete(ctx context.Context, f generateFlags, id string) (next string, err error) {
	download := ""
	if f.out != "" {
		download = cli.ShellCommand("download", id, "--out", f.out)
	}
	info, err := t.wait(ctx, id, f.waitTimeout)
	switch {
	case errors.Is(err, wrapper.ErrTaskFailed):
		return "", err
	case err != nil && download != "":
		return cli.ShellCommand("wait", id) + ", then: " + download, err
	case err != nil:
		return cli.ShellCommand("wait", id), err
	}
	t.report.Report(infoRecord{id, info})
	if f.out == "" {
		return "", nil
	}
	return download, t.saveAll(ctx, id, info)
}

// followed returns the error of the command, with the command to continue with.
func (t *taskRun) followed(ctx context.Context, next string) error {
	err := t.end(ctx, 1)
	switch {
	case err == nil || t.failed == 0 || next == "":
		return err
	case ctx.Err() != nil:
		return cli.Failf(cli.Interrupted, "interrupted; the task continues at the service; to continue: %s", next)
	}
	return cli.Failf(cli.StatusOf(err), "%w; to continue: %s", err, next)
}
