package main

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

const (
	atATime      = 4 // tasks that are waited for, or downloaded, at once
	demoPictures = 3 // tasks of the demo
	// demoInterval is the wait between queries of the fake, which has no clock.
	demoInterval = 50 * time.Millisecond
)

// taskRun is one run of a command about tasks.
type taskRun struct {
	env
	serviceFlags
	client  *wrapper.Client
	report  taskReporter
	spinner *spinner
	fake    *fakeapi.Server // nil unless it is a demo

	mu     sync.Mutex // guards what follows, and each line of the report
	causes causes
	failed int
	outErr error // of the first write to stdout that failed
}

// newTaskRun connects to the service, or to a fake that holds tasks.
func newTaskRun(e env, f serviceFlags, save *saveFlags, tasks []string) (*taskRun, error) {
	t := &taskRun{env: e, serviceFlags: f, report: newTaskReporter(e.stdout, f)}
	var more []wrapper.Option
	if save != nil {
		more = append(more, save.download(e, f))
	}
	var err error
	if f.demo {
		if t.fake, t.client, err = connectFake(tasks, append(f.options(), more...)...); err != nil {
			return nil, err
		}
	} else if t.client, err = connect(e, f, more...); err != nil {
		return nil, err
	}
	t.spinner = newSpinner(e, f)
	return t, nil
}

func (t *taskRun) stop() {
	t.spinner.stop()
	if t.fake != nil {
		t.fake.Close()
	}
}

// taskCommand is a command that does something with each of several tasks.
type taskCommand struct {
	tasksFlags
	save   *saveFlags // nil unless it downloads
	atOnce int        // 1 keeps the order
	do     func(ctx context.Context, t *taskRun, id string) error
}

// run is the whole command: read, connect, do, account.
func (c taskCommand) run(ctx context.Context, e env, args []string) error {
	var demo []string
	if c.demo {
		demo = taskIDs(demoPictures)
	}
	ids, err := readIDs(ctx, e, c.file, demo, args)
	if err != nil || ids.Len() == 0 {
		return err
	}
	t, err := newTaskRun(e, c.serviceFlags, c.save, ids.IDs())
	if err != nil {
		return err
	}
	defer t.stop()
	t.each(ctx, ids.IDs(), c.atOnce, c.do)
	return t.end(ctx, ids.Len())
}

// each does a few tasks at a time, and ends early where no other can succeed.
func (t *taskRun) each(ctx context.Context, ids []string, atOnce int, do func(ctx context.Context, t *taskRun, id string) error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	places := make(chan struct{}, atOnce)
	var all sync.WaitGroup
	for _, id := range ids {
		places <- struct{}{}
		all.Go(func() {
			defer func() { <-places }()
			if ctx.Err() != nil {
				t.fail(id, errors.New("stopped before its turn; nothing was sent"))
				return
			}
			if err := do(ctx, t, id); err != nil {
				t.fail(id, err)
			}
			if t.isHopeless() {
				stop()
			}
		})
	}
	all.Wait()
}

// fail tells of a task that did not go well.
func (t *taskRun) fail(id string, err error) {
	t.mu.Lock()
	t.failed++
	t.causes.add([]string{id}, err)
	t.mu.Unlock()
	_ = t.tell(func(r taskReporter) error { return r.failed(id, err) })
}

// tell reports, until a write fails. It returns nil: what was done stays done.
func (t *taskRun) tell(write func(taskReporter) error) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.outErr == nil {
		t.spinner.clear()
		t.outErr = write(t.report)
	}
	return nil
}

// isHopeless reports whether the next task would meet the same.
func (t *taskRun) isHopeless() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.causes.unauthorized || t.outErr != nil
}

// end is the error that the command ends with.
func (t *taskRun) end(ctx context.Context, total int) error {
	switch {
	case ctx.Err() != nil:
		return failf(statusInterrupted, "interrupted; the tasks go on at the service: ask again with their ids")
	case t.causes.unauthorized && t.bearer:
		return failf(statusAuth, "the service refused the key; check it, or leave --bearer out")
	case t.causes.unauthorized:
		return failf(statusAuth, "the service refused the key; check it, or try --bearer")
	case t.causes.credits:
		return failf(statusCredits, "not enough credits; add some to the account")
	case t.outErr != nil:
		return failf(statusFailed, "standard output could not be written: %w", t.outErr)
	case t.failed > 0:
		return failf(statusFailed, "%d of %s failed", t.failed, count(total, "image task"))
	}
	return nil
}
