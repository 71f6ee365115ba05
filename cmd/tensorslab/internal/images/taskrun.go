package images

import (
	"context"
	"sync"
	"time"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/outfile"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/service"
	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

const (
	parallelTasks = 4 // number of tasks to wait for, or to download, at a time
	demoPictures  = 3 // number of tasks in a demo

	// demoInterval is the interval between queries of the fake, whose tasks advance with
	// each query and not with time.
	demoInterval = 50 * time.Millisecond
)

// taskRun is one run of a command about tasks.
type taskRun struct {
	cli.Env
	service.Flags
	client  *wrapper.Client
	report  *cli.Reporter
	spinner *cli.Spinner
	folder  *outfile.Folder // nil unless the command downloads
	fake    *fakeapi.Server // nil unless it is a demo
	own     *ownEntry       // of images generate, if there is a journal
	prompt  string          // of images generate
	repeat  []string        // the flags that a command to continue with needs
	track   *tracker        // nil if nothing is recorded

	shown sync.Once // the first image, with --open

	mu         sync.Mutex // guards the fields below
	causes     causes
	failed     int
	unknown    int // number of those that the service does not know
	notQueried int // number of those whose query failed for another reason
	notStored  int // number of those whose images could not be saved
	later      int // number of those that failed for a reason that may pass
	unfinished int // number of tasks that have not ended yet
	kept       int // number of tasks whose images were not saved because files were in their way
}

// newTaskRun connects to the service, or in a demo to a fake that holds tasks.
func newTaskRun(ctx context.Context, e cli.Env, f service.Flags, save *saveFlags, tasks []string) (*taskRun, error) {
	t := &taskRun{Env: e, Flags: f, report: f.NewReporter(e)}
	var more []wrapper.Option
	switch {
	case save != nil && save.toStdout: // the report goes elsewhere
		t.report = cli.NewReporter(e.Stderr, false)
		t.report.Hide(e.Secret)
	case save != nil && save.out != "":
		var err error
		if t.folder, err = save.open(); err != nil {
			return nil, err
		}
		t.OnExit.Add(t.discard)
	}
	if save != nil && save.out != "" {
		// A service on this machine has its images there, too.
		more = append(more, wrapper.WithDownload(wrapper.DownloadPolicy{AllowPrivate: save.allowPrivate || f.IsLocal(e)}))
	}
	if err := t.connect(ctx, tasks, more); err != nil {
		return nil, err
	}
	if f.ShowsProgress(e) {
		t.spinner = cli.NewSpinner(e.Stderr)
	} else {
		t.spinner = cli.NewPlainSpinner(e)
	}
	t.report.Show(t.spinner)
	return t, nil
}

func (t *taskRun) connect(ctx context.Context, tasks []string, more []wrapper.Option) (err error) {
	if !t.Demo {
		t.client, err = service.Connect(ctx, t.Env, &t.Flags, more...)
		return err
	}
	if t.fake, t.client, err = service.ConnectFake(tasks, append(append(t.Options(), t.Traced(t.Env, "")...), more...)...); err != nil {
		return err
	}
	held := ""
	if len(tasks) > 0 {
		held = " holds " + cli.Count(len(tasks), "task")
	}
	t.report.Report(cli.Note("Demo: a fake service in this process" + held + "; nothing leaves this machine."))
	return nil
}

// discard removes files that are incomplete when the process is about to exit.
func (t *taskRun) discard() {
	if t.folder != nil {
		t.folder.Discard()
	}
}

func (t *taskRun) stop() {
	t.spinner.Stop()
	if t.fake != nil {
		t.fake.Close()
	}
}

// taskCommand is a command that does something with each of several tasks.
type taskCommand struct {
	tasksFlags
	save     *saveFlags // nil unless the command downloads
	parallel int        // 1 keeps the order
	do       taskFunc
}

type taskFunc func(ctx context.Context, t *taskRun, id string) error

// run runs the whole command: read the ids, connect, do, summarise.
func (c taskCommand) run(ctx context.Context, e cli.Env, args []string) error {
	var demo []string
	if c.Demo {
		demo = service.TaskIDs(demoPictures)
	}
	ids, track, err := c.read(ctx, e, demo, args)
	defer track.close()
	defer track.warn(e)
	if err != nil || ids.Len() == 0 {
		return err
	}
	if c.save != nil && c.save.toStdout && ids.Len() > 1 {
		return cli.Usagef("--out - writes one image to standard output, but there are %s; nothing was sent", cli.Count(ids.Len(), "id"))
	}
	t, err := newTaskRun(ctx, e, c.Flags, c.save, ids.IDs())
	if err != nil {
		return err
	}
	t.track, t.repeat = track, append(c.Repeat(), c.journal.Repeat()...)
	defer t.stop()
	t.each(ctx, ids.IDs(), c.parallel, c.do)
	return t.end(ctx, ids.Len())
}

// each calls do for each id, a few at a time. It stops early if the remaining calls would
// fail for the same reason.
func (t *taskRun) each(ctx context.Context, ids []string, parallel int, do taskFunc) {
	limited, stop := context.WithCancel(ctx)
	defer stop()
	slots := make(chan struct{}, parallel)
	var all sync.WaitGroup
	defer all.Wait()
	for i, id := range ids {
		slots <- struct{}{}
		if limited.Err() != nil {
			t.skip(ctx, ids[i:])
			return
		}
		all.Go(func() {
			defer func() { <-slots }()
			t.spinner.Say(id, "connecting")
			if err := do(limited, t, id); err != nil {
				t.fail(id, err)
			}
			if t.mustStop() {
				stop()
			}
		})
	}
}

// fail records and reports a task that something failed for, or that has not ended yet.
func (t *taskRun) fail(id string, err error) {
	t.mu.Lock()
	switch {
	case isKept(err):
		t.kept++
	case isUnfinished(err):
		t.unfinished++
	default:
		t.failed++
		switch what := failureOf(err); {
		case what == queryFailed && isUnknownTask(err):
			t.unknown++
		case what == queryFailed:
			t.notQueried++
		case what == savingFailed:
			t.notStored++
		}
		if cli.StatusFor(err) == cli.Later {
			t.later++
		}
	}
	t.causes.add([]string{id}, err)
	t.mu.Unlock()
	t.report.Report(failedRecord{id: id, err: err})
}

// skip records and reports tasks that were not tried.
func (t *taskRun) skip(ctx context.Context, ids []string) {
	reason := "the command stopped before it requested them"
	if ctx.Err() != nil {
		reason = "interrupted before they were requested"
	}
	t.mu.Lock()
	t.failed += len(ids)
	t.mu.Unlock()
	t.report.Report(skippedRecord{ids, reason})
}

// mustStop reports whether the next task would fail for the same reason.
func (t *taskRun) mustStop() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.causes.unauthorized || t.report.Err() != nil
}
