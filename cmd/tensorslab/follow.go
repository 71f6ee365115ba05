package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

// follow tells of a task that was created before anything else, so that its id
// is not lost: neither by Ctrl-C nor by a closed standard output.
func (t *taskRun) follow(ctx context.Context, f generateFlags, id string) error {
	t.lastWords.set(func() {
		t.discard()
		fmt.Fprintf(t.stderr, "tensorslab: ended; the task stays at the service; to go on: %s\n", advise("wait", id))
	})
	t.tell(func(r taskReporter) error { return r.created(id, f.model) })
	if t.outErr != nil {
		// It is not wrapped: run says nothing of a closed pipe, and this has to be said.
		return failf(statusFailed, "the task was created, but standard output could not be written (%v); to go on: %s",
			t.outErr, advise("wait", id))
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

// complete waits for a task and saves its images. With an error comes what to
// do next, if there is anything.
func (t *taskRun) complete(ctx context.Context, f generateFlags, id string) (next string, err error) {
	download := ""
	if f.out != "" {
		download = advise("download", id, "--out", f.out)
	}
	info, err := t.wait(ctx, id, f.waitTimeout)
	switch {
	case errors.Is(err, wrapper.ErrTaskFailed):
		return "", err
	case err != nil && download != "":
		return advise("wait", id) + ", then: " + download, err
	case err != nil:
		return advise("wait", id), err
	}
	t.tell(func(r taskReporter) error { return r.info(id, info) })
	if f.out == "" {
		return "", nil
	}
	return download, t.saveAll(ctx, id, info)
}

func (t *taskRun) followed(ctx context.Context, next string) error {
	err := t.end(ctx, 1)
	switch {
	case err == nil || t.failed == 0 || next == "":
		return err
	case ctx.Err() != nil:
		return failf(statusInterrupted, "interrupted; the task stays at the service; to go on: %s", next)
	}
	return failf(statusOf(err), "%w; to go on: %s", err, next)
}
