package images

import (
	"context"
	"errors"
	"fmt"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// follow reports a task that was created before it does anything else, so that neither
// Ctrl-C nor a closed standard output loses the id.
func (t *taskRun) follow(ctx context.Context, f generateFlags, id string) error {
	t.OnExit.Set(func() {
		t.discard()
		t.Warn("ended; the task continues at the service" + f.toContinue(id))
	})
	t.report.Report(t.created(f, id))
	if err := t.report.Err(); err != nil {
		// It is not wrapped: cli.Run is silent about a closed pipe, but this must be said.
		return cli.Failf(cli.Failed, "the task was created, but standard output could not be written (%v)%s",
			err, f.toContinue(id))
	}
	if !f.wait && f.out == "" {
		t.tellNext(f, id)
		return nil
	}
	next, err := t.complete(ctx, f, id)
	if err != nil {
		t.fail(id, err)
	}
	return t.followed(ctx, next)
}

// tellNext tells a person, and no program, how to get the images of a task that was only
// created.
func (t *taskRun) tellNext(f generateFlags, id string) {
	if t.Demo || !t.AsText() || t.Quiet || !cli.IsTerminal(t.Stderr) {
		return
	}
	download := cli.ShellCommand("download", id, f.repeat()...)
	_ = t.spinner.Aside(func() error {
		_, err := fmt.Fprintln(t.Stderr, t.Secret.Text("For its images: "+f.next(id)+", then: "+download))
		return err
	})
}

// complete waits for a task and saves its images. Together with an error it returns the
// command to continue with, if there is one.
func (t *taskRun) complete(ctx context.Context, f generateFlags, id string) (next string, err error) {
	info, err := t.wait(ctx, id, f.waitTimeout)
	switch {
	case errors.Is(err, wrapper.ErrTaskFailed):
		t.own.ended(batch.Failed, err)
		return "", err
	case err != nil:
		return f.next(id), err
	}
	t.own.ended(batch.Completed, nil)
	if f.Quiet { // the id was printed when the task was created
		t.report.Report(cli.Note(t.found(id, info).Text()))
	} else {
		t.report.Report(t.found(id, info))
	}
	if f.out == "" {
		return "", tooMany(info.URL, "shown")
	}
	files, err := t.saveImages(ctx, naming{}, id, info)
	if err == nil {
		t.own.ended(batch.Saved, nil, files...)
		t.show(&f.saveFlags, files)
	}
	if isKept(err) {
		return f.download(id, "--force"), err
	}
	return f.download(id), err
}

// next returns the command that continues with a task that may not be completed.
func (f *generateFlags) next(id string) string {
	wait := cli.ShellCommand("wait", id, f.repeat()...)
	if f.out != "" {
		return wait + ", then: " + f.download(id)
	}
	return wait
}

// repeat returns the flags that a command about the same task needs.
func (f *generateFlags) repeat() []string { return append(f.Repeat(), f.journal.Repeat()...) }

// toContinue returns the end of an error with the command to continue with. It is empty in
// a demo, whose tasks end with it.
func (f *generateFlags) toContinue(id string) string {
	if f.Demo {
		return ""
	}
	return "; to continue: " + f.next(id)
}

func (f *generateFlags) download(id string, flags ...string) string {
	if f.allowPrivate {
		flags = append(flags, "--allow-private")
	}
	return cli.ShellCommand("download", id, append(append(flags, "--out", f.out), f.repeat()...)...)
}

// followed returns the error of the command, with the command to continue with.
func (t *taskRun) followed(ctx context.Context, next string) error {
	err := t.end(ctx, 1)
	switch {
	case err == nil || t.notDone() == 0 || next == "" || t.Demo: // the tasks of a demo end with it
		return err
	case ctx.Err() != nil:
		return cli.Failf(cli.Interrupted, "interrupted; the task continues at the service; to continue: %s", next)
	}
	if t.kept > 0 && t.report.Err() == nil {
		return cli.Failf(cli.Failed, "the task is completed, but an existing file was kept; to replace it: %s", next)
	}
	return cli.Failf(cli.StatusOf(err), "%w; to continue: %s", err, next)
}
