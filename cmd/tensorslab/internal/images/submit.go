package images

import (
	"context"
	"errors"
	"strings"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/submission"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// mayExist is what a person has to know about a submission without a response.
const mayExist = "a task may exist and have cost credits"

// inDoubt says what to do about a submission without a response. Whoever has read the error
// of one, which warns of a repetition, needs no second warning.
func (t *taskRun) inDoubt(f *generateFlags, said error) string {
	warning := "do not repeat this, but "
	if said != nil && strings.Contains(said.Error(), cli.FindOut) {
		warning = ""
	}
	text := mayExist + "; " + warning + "look for the task in the web console (" + cli.Console + ")"
	if key := t.own.key(); key != "" {
		resolve := f.journal.Command("resolve") + " " + cli.ShellQuote(key)
		text += ", then run: " + resolve + " TASKID, or " + resolve + " --not-created"
	}
	return text
}

// generateOne runs images generate PROMPT: read the prompt and the sources, submit, report
// the id, wait, download.
func generateOne(ctx context.Context, e cli.Env, f generateFlags, arg string) error {
	prompt, err := promptOf(ctx, e.Stdin, arg)
	if err != nil {
		return err
	}
	sources, closeSources, err := openSourcesOfRun(ctx, e, f.sources)
	if err != nil {
		return err
	}
	defer closeSources()
	t, err := newTaskRun(ctx, e, f.Flags, &f.saveFlags, nil)
	if err != nil {
		return err
	}
	defer t.stop()
	t.repeat = f.repeat()
	req := f.request(prompt, sources)
	if err := t.client.CheckGenerate(req); err != nil {
		return t.notSubmitted(f, ctx.Err() != nil, err)
	}
	if f.dryRun {
		t.report.Report(cli.Note("dry run: would generate " + cli.Count(max(1, req.Count), "image") + " with " + f.model + "; nothing was sent"))
		return t.report.Err()
	}
	if t.own, err = newOwnEntry(ctx, e, &f, req); err != nil {
		return err
	}
	t.prompt = prompt
	defer t.own.close()
	_ = t.spinner.Aside(func() error { t.PrintNote(t.Env); return nil })
	t.own.warnOfDoubt(ctx, &f, req)
	id, err := t.submit(ctx, f, req, closeSources)
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

// submit sends the generation, after the journal has it. An interruption waits for the
// response of a request that is under way, and a second one ends the process.
func (t *taskRun) submit(ctx context.Context, f generateFlags, req wrapper.GenerateRequest, closeSources func()) (id string, err error) {
	s, sub, end := submission.New(ctx, func() {
		_ = t.spinner.Aside(func() error {
			t.Warn("interrupted; waiting for the response to the submission, because the task may have been paid for; interrupt again to end at once")
			return nil
		})
	})
	defer end()
	t.OnExit.Set(func() {
		if s.MayBeSent() { // first, because the rest may take longer
			t.OnExit.MayHavePaid()
			t.Warn("interrupted; " + t.inDoubt(&f, nil))
		}
		closeSources()
		t.discard()
	})
	t.spinner.Say(f.model, "submitting")
	if err := t.own.begin(); err != nil {
		return "", err
	}
	return t.own.submitted(t.client.Generate(sub, req))
}

// submittedInterrupted reports a task that was created while the user interrupted the
// command. Its id is also in the error, since nobody may read standard output any more.
func (t *taskRun) submittedInterrupted(f generateFlags, id string) error {
	t.OnExit.Set(func() {
		t.discard()
		t.Warn("interrupted; the task was created" + f.toContinue(id))
	})
	t.report.Report(t.created(f, id))
	return cli.Failf(cli.Interrupted, "interrupted; the task was created and continues at the service%s", f.toContinue(id))
}

// notSubmitted reports a submission that was not confirmed, and returns the error of the
// command. If the response names a task all the same, the error says how to continue.
func (t *taskRun) notSubmitted(f generateFlags, interrupted bool, cause error) error {
	var invalid *wrapper.RequestError
	var own *cli.ExitError
	if errors.As(cause, &own) { // it is about the journal
		return cause
	}
	sent := !errors.Is(cause, wrapper.ErrNotSent) || errors.Is(cause, wrapper.ErrOutcomeUnknown)
	if errors.As(cause, &invalid) && !interrupted && !sent {
		return cli.Usagef("%s %s; nothing was sent", f.typed(flagOf(invalid.Field)), invalid.Reason)
	}
	err := t.Advisor().Describe(cause)
	id := cli.FactsOf(err).TaskID
	if !errors.Is(err, wrapper.ErrOutcomeUnknown) && id == "" {
		t.OnExit.Set(t.discard)
	}
	t.report.Report(failedRecord{id: id, err: err, submission: true})
	status, text := cli.StatusFor(err), "%w"
	if interrupted {
		status, text = cli.Worst(cli.Interrupted, status), "interrupted; %w"
	}
	switch {
	case id != "":
		return cli.Failf(status, text+"; the response names the task %s%s", err, cli.Printable(id), f.toContinue(id))
	case interrupted && !sent:
		return cli.Failf(status, "interrupted; nothing was sent")
	case errors.Is(err, wrapper.ErrOutcomeUnknown):
		return cli.Failf(status, text+"; "+t.inDoubt(&f, err), cli.Reword(err, cli.WithoutDoubt(err)))
	}
	return cli.Failf(status, text, err)
}

// created returns the record of a task that was created.
func (t *taskRun) created(f generateFlags, id string) createdRecord {
	return createdRecord{id: id, model: f.model, key: t.own.key(), prompt: t.prompt}
}
