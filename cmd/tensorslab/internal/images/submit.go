package images

import (
	"context"
	"errors"

	"github.com/oapi-codegen/runtime/types"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// inDoubt is what a person has to know about a submission without a response.
const inDoubt = "a task that costs credits may exist, and the generation is not submitted again automatically"

// generateImages runs images generate: read the prompt and the sources, submit, report the
// id, wait, download.
func generateImages(ctx context.Context, e cli.Env, f generateFlags, arg string) error {
	prompt, err := promptOf(ctx, e.Stdin, arg)
	if err != nil {
		return err
	}
	sources, closeSources, err := openSources(ctx, e.OnExit, f.sources)
	if err != nil {
		return err
	}
	t, err := newTaskRun(ctx, e, f.Flags, &f.saveFlags, nil)
	if err != nil {
		closeSources()
		return err
	}
	defer t.stop()
	id, err := t.submit(ctx, f, prompt, sources, closeSources)
	interrupted := ctx.Err() != nil
	closeSources() // now, because the files may be large and the wait may be long
	switch {
	case err != nil:
		return t.notSubmitted(f, interrupted, err)
	case interrupted:
		return t.submittedInterrupted(f, id)
	}
	return t.follow(ctx, f, id)
}

// submit sends the generation. An interruption waits for the response of a request that
// is under way, and a second one ends the process.
func (t *taskRun) submit(ctx context.Context, f generateFlags, prompt string, sources []types.File, closeSources func()) (id string, err error) {
	s, sub, end := newSubmission(ctx, func() {
		_ = t.spinner.Aside(func() error {
			t.Warn("interrupted; waiting for the response to the submission, because the task may have been paid for; interrupt again to end at once")
			return nil
		})
	})
	defer end()
	t.OnExit.Set(func() {
		if s.mayBeSent() { // first, because the rest may take longer
			t.Warn("interrupted; " + inDoubt)
		}
		closeSources()
		t.discard()
	})
	t.spinner.Say(f.model, "submitting")
	created, err := models[f.model](sub, t.client, f, prompt, sources)
	if err != nil {
		return "", err
	}
	return created.Data.TaskID, nil
}

// submittedInterrupted reports a task that was created while the user interrupted the
// command. Its id is also in the error, since nobody may read standard output any more.
func (t *taskRun) submittedInterrupted(f generateFlags, id string) error {
	t.OnExit.Set(func() {
		t.discard()
		t.Warn("interrupted; the task was created" + f.toContinue(id))
	})
	t.report.Report(createdRecord{id, f.model})
	return cli.Failf(cli.Interrupted, "interrupted; the task was created and continues at the service%s", f.toContinue(id))
}

// notSubmitted reports a submission that was not confirmed, and returns the error of the
// command. If the response names a task all the same, the error says how to continue.
func (t *taskRun) notSubmitted(f generateFlags, interrupted bool, cause error) error {
	var invalid *wrapper.RequestError
	sent := !errors.Is(cause, wrapper.ErrNotSent) || errors.Is(cause, wrapper.ErrOutcomeUnknown)
	if errors.As(cause, &invalid) && !interrupted && !sent {
		return cli.Usagef("%s %s; nothing was sent", flagOf(invalid.Field), invalid.Reason)
	}
	err := t.Advisor().Describe(cause)
	id := cli.FactsOf(err).TaskID
	if !errors.Is(err, wrapper.ErrOutcomeUnknown) && id == "" {
		t.OnExit.Set(t.discard)
	}
	t.report.Report(failedRecord{id: id, err: err, submission: true})
	status, text := submissionStatus(err), "%w"
	if interrupted {
		status, text = cli.Interrupted, "interrupted; %w"
	}
	switch {
	case id != "":
		return cli.Failf(status, text+"; the response names the task %s%s", err, cli.Printable(id), f.toContinue(id))
	case interrupted && !sent:
		return cli.Failf(status, "interrupted; nothing was sent")
	case errors.Is(err, wrapper.ErrOutcomeUnknown):
		return cli.Failf(status, text+"; "+inDoubt, err)
	}
	return cli.Failf(status, text, err)
}

func submissionStatus(err error) int {
	switch {
	case errors.Is(err, wrapper.ErrOutcomeUnknown):
		return cli.Failed
	case errors.Is(err, wrapper.ErrUnauthorized):
		return cli.Auth
	case errors.Is(err, wrapper.ErrInsufficientCredits):
		return cli.Credits
	}
	return cli.Failed
}
