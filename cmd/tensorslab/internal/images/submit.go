package images

import (
	"context"
	"errors"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// generateImages runs images generate: read the sources, submit, report the id, wait,
// download.
func generateImages(ctx context.Context, e cli.Env, f generateFlags, prompt string) error {
	sources, closeSources, err := openSources(ctx, f.sources)
	if err != nil {
		return err
	}
	e.OnExit.Set(closeSources)
	t, err := newTaskRun(ctx, e, f.Flags, &f.saveFlags, nil)
	if err != nil {
		closeSources()
		return err
	}
	defer t.stop()
	t.OnExit.Set(func() { closeSources(); t.discard() })
	t.spinner.Say(f.model, "submitting")
	created, err := models[f.model](ctx, t.client, f, prompt, sources)
	closeSources() // now, because the files may be large and the wait may be long
	if err != nil {
		return t.notSubmitted(ctx, err)
	}
	return t.follow(ctx, f, created.Data.TaskID)
}

// notSubmitted reports a submission that was not confirmed, and returns the error of the
// command.
func (t *taskRun) notSubmitted(ctx context.Context, cause error) error {
	var invalid *wrapper.RequestError
	if errors.As(cause, &invalid) {
		return cli.Usagef("%s %s; nothing was sent", flagOf(invalid.Field), invalid.Reason)
	}
	err := t.Advisor().Describe(cause)
	t.report.Report(failedRecord{"", err})
	const inDoubt = "a task that costs credits may exist, and the generation is not submitted again automatically"
	unknown := errors.Is(err, wrapper.ErrOutcomeUnknown)
	switch {
	case ctx.Err() != nil && unknown:
		return cli.Failf(cli.Interrupted, "interrupted; "+inDoubt)
	case ctx.Err() != nil:
		return cli.Failf(cli.Interrupted, "interrupted; nothing was sent")
	case unknown:
		return cli.Failf(cli.Failed, "%w; "+inDoubt, err)
	case errors.Is(err, wrapper.ErrUnauthorized):
		return cli.Failf(cli.Auth, "%w", err)
	case errors.Is(err, wrapper.ErrInsufficientCredits):
		return cli.Failf(cli.Credits, "%w", err)
	}
	return err
}
