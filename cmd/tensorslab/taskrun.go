package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/outfile"
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
	folder  *outfile.Folder // nil unless it downloads
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
	if save != nil && save.out != "" {
		var err error
		if t.folder, err = save.open(); err != nil {
			return nil, err
		}
		t.lastWords.set(t.discard)
		more = append(more, wrapper.WithDownload(wrapper.DownloadPolicy{AllowPrivate: save.allowsPrivate(e, f)}))
	}
	if err := t.connect(tasks, more); err != nil {
		return nil, err
	}
	t.spinner = newSpinner(e, f)
	return t, nil
}

func (t *taskRun) connect(tasks []string, more []wrapper.Option) (err error) {
	if !t.demo {
		t.client, err = connect(t.env, t.serviceFlags, more...)
		return err
	}
	if t.fake, t.client, err = connectFake(tasks, append(t.options(), more...)...); err != nil {
		return err
	}
	held := ""
	if len(tasks) > 0 {
		held = " holds " + count(len(tasks), "task")
	}
	t.tell(func(r taskReporter) error {
		return r.note("Demo: a fake service in this process" + held + "; nothing leaves this machine.")
	})
	return nil
}

// discard removes what is under way, for a process that is about to end.
func (t *taskRun) discard() {
	if t.folder != nil {
		t.folder.Discard()
	}
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
	do     taskFunc
}

type taskFunc func(ctx context.Context, t *taskRun, id string) error

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
func (t *taskRun) each(ctx context.Context, ids []string, atOnce int, do taskFunc) {
	limited, stop := context.WithCancel(ctx)
	defer stop()
	places := make(chan struct{}, atOnce)
	var all sync.WaitGroup
	defer all.Wait()
	for i, id := range ids {
		places <- struct{}{}
		if limited.Err() != nil {
			t.skip(ctx, ids[i:])
			return
		}
		all.Go(func() {
			defer func() { <-places }()
			t.spinner.say(id, "asking")
			if err := do(limited, t, id); err != nil {
				t.fail(id, err)
			}
			if t.isHopeless() {
				stop()
			}
		})
	}
}

// fail tells of a task that did not go well.
func (t *taskRun) fail(id string, err error) {
	t.mu.Lock()
	t.failed++
	t.causes.add([]string{id}, err)
	t.mu.Unlock()
	t.tell(func(r taskReporter) error { return r.failed(id, err) })
}

// skip tells of tasks whose turn did not come.
func (t *taskRun) skip(ctx context.Context, ids []string) {
	reason := "stopped before their turn"
	if ctx.Err() != nil {
		reason = "interrupted before their turn"
	}
	t.mu.Lock()
	t.failed += len(ids)
	t.mu.Unlock()
	t.tell(func(r taskReporter) error { return r.skipped(ids, reason) })
}

// tell reports, until a write fails: after a broken line nothing makes sense.
func (t *taskRun) tell(write func(taskReporter) error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.outErr == nil {
		t.outErr = t.spinner.aside(func() error { return write(t.report) })
	}
}

// isHopeless reports whether the next task would meet the same.
func (t *taskRun) isHopeless() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.causes.unauthorized || t.outErr != nil
}

// end is the error that the command ends with. What the user did comes before
// what the service said.
func (t *taskRun) end(ctx context.Context, total int) error {
	switch {
	case ctx.Err() != nil && t.failed > 0:
		return failf(statusInterrupted, "interrupted: %d of %s not done; nothing is lost at the service, so ask for the rest again",
			t.failed, count(total, "image task"))
	case t.causes.unauthorized:
		return failf(statusAuth, "the service refused the key; %s", t.keyAdvice())
	case t.causes.credits:
		return failf(statusCredits, "not enough credits; add some to the account")
	case t.outErr != nil:
		return fmt.Errorf("standard output could not be written: %w", t.outErr)
	case t.failed > 0:
		return failf(statusFailed, "%d of %s failed", t.failed, count(total, "image task"))
	}
	return nil
}
