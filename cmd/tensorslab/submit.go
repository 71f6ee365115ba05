package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

// generateImages is images generate: prepare, submit, tell, wait, download.
func generateImages(ctx context.Context, e env, f generateFlags, prompt string) error {
	sources, closeSources, err := openSources(ctx, f.sources)
	if err != nil {
		return err
	}
	e.lastWords.set(closeSources)
	t, err := newTaskRun(e, f.serviceFlags, &f.saveFlags, nil)
	if err != nil {
		closeSources()
		return err
	}
	defer t.stop()
	t.lastWords.set(func() { closeSources(); t.discard() })
	t.spinner.say(f.model, "submitting")
	created, err := models[f.model](ctx, t.client, f, prompt, sources)
	closeSources() // which may be large, and the wait long
	if err != nil {
		return t.unsubmitted(ctx, err)
	}
	return t.follow(ctx, f, created.Data.TaskID)
}

// unsubmitted tells of a submission that was not confirmed, and returns the
// error that the command ends with.
func (t *taskRun) unsubmitted(ctx context.Context, err error) error {
	if refused := (*wrapper.RequestError)(nil); errors.As(err, &refused) {
		return usagef("%s %s; nothing was sent", flagOf(refused.Field), refused.Reason)
	}
	t.tell(func(r taskReporter) error { return r.failed("", err) })
	const inDoubt = "there may be a task that costs credits, and it is not submitted again by itself"
	unknown := errors.Is(err, wrapper.ErrOutcomeUnknown)
	switch {
	case ctx.Err() != nil && unknown:
		return failf(statusInterrupted, "interrupted; "+inDoubt)
	case ctx.Err() != nil:
		return failf(statusInterrupted, "interrupted; nothing was sent")
	case unknown:
		return fmt.Errorf("%w; "+inDoubt, err)
	case errors.Is(err, wrapper.ErrUnauthorized):
		return &exitError{statusAuth, err}
	case errors.Is(err, wrapper.ErrInsufficientCredits):
		return &exitError{statusCredits, err}
	}
	return err
}
