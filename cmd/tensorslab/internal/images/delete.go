package images

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/idlist"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/remaining"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/service"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// demoTasks is the number of tasks that a demo deletes if no ids are given.
const demoTasks = 12

// deletion is one run of images delete.
type deletion struct {
	cli.Env
	deleteFlags
	outcomes *outcomes
	report   *cli.Reporter
	saver    *remaining.File // nil without --remaining
	batches  int             // number of those reported
	causes   causes
	stopped  bool        // nothing more was sent after some batches had failed
	ended    atomic.Bool // a second signal ends the process, and has saved what is left
	printing sync.Once   // of what could not be saved
	track    *tracker
	args     []string // the ids of the command line

	unrecorded error // why the journal does not know what was deleted
}

// deleteImages runs images delete: read the ids, prepare --remaining, confirm, purge,
// summarise.
func deleteImages(ctx context.Context, e cli.Env, f deleteFlags, args []string) error {
	var demo []string
	if f.Demo {
		demo = service.TaskIDs(demoTasks)
	}
	f.records = !f.dryRun
	ids, track, err := f.read(ctx, e, demo, args)
	defer track.close()
	if err != nil {
		return err
	}
	if !f.fromJournal { // otherwise it is the error of the command
		defer track.warn(e)
	}
	d := &deletion{Env: e, deleteFlags: f, outcomes: newOutcomes(ids), report: f.NewReporter(e), track: track, args: args}
	if f.dryRun {
		batches := (ids.Len() + f.batchSize - 1) / f.batchSize
		d.report.Report(planRecord{ids.Len(), ids.Repeats(), batches, f.batchSize})
		return d.report.Err()
	}
	if err := d.prepare(); err != nil {
		return err
	}
	// Every return below goes through finish, so that no id is lost.
	return d.finish(ctx, d.run(ctx, ids))
}

// prepare checks that --remaining can be written without losing ids of another run, and
// makes sure that it is written even if a second signal ends the process.
func (d *deletion) prepare() error {
	if d.remaining == "" {
		return nil
	}
	defer d.OnExit.Hold()()
	file, err := remaining.Create(d.remaining)
	if err != nil {
		return cli.Usagef("cannot write --remaining: %w; nothing was sent", err)
	}
	if err := d.checkReplaceable(file.Path()); err != nil {
		_ = file.Discard()
		return err
	}
	d.saver = file
	d.OnExit.Set(d.end)
	return nil
}

// end saves what is left before a second signal ends the process. What is confirmed deleted
// from now on is not reported, since it is among the ids that are saved.
func (d *deletion) end() {
	d.ended.Store(true)
	if err := d.save(); err != nil && d.outcomes.tally().left() > 0 {
		d.printLeft(err)
	}
}

// checkReplaceable returns a usage error unless path is missing, empty, or a list of ids all
// of which this run deletes. A user may have named any file by mistake, and what it holds
// would be lost.
func (d *deletion) checkReplaceable(path string) error {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return cli.Usagef("cannot write --remaining: what the file holds cannot be read: %w; name another file; nothing was sent", err)
	}
	defer file.Close()
	if info, err := file.Stat(); err == nil && info.Size() == 0 {
		return nil
	}
	list := idlist.New()
	if list.Load(file, path) != nil || list.Len() == 0 {
		return cli.Usagef("cannot write --remaining: %s exists and is not a list of ids; name another file; nothing was sent", cli.Printable(d.remaining))
	}
	if n := d.othersIn(list); n > 0 {
		return cli.Usagef("cannot write --remaining: %s has %s that would be lost; resume with --file %[1]s first, or name another file; nothing was sent",
			d.remaining, cli.Count(n, "other id"))
	}
	return nil
}

// othersIn returns the number of ids in a list that this run does not delete.
func (d *deletion) othersIn(list *idlist.List) (n int) {
	for _, id := range list.IDs() {
		if _, ok := d.outcomes.ids.Place(id); !ok {
			n++
		}
	}
	return n
}

// run deletes. It returns an error only if nothing was sent.
func (d *deletion) run(ctx context.Context, ids *idlist.List) error {
	if ids.Len() == 0 {
		return nil
	}
	client, done, err := d.connect(ctx, ids)
	if err != nil {
		return err
	}
	defer done()
	if err := confirm(ctx, d.Env, d.deleteFlags, ids.Len()); err != nil {
		return err
	}
	d.purge(ctx, client, ids)
	return nil
}

func (d *deletion) connect(ctx context.Context, ids *idlist.List) (client *wrapper.Client, done func(), err error) {
	if !d.Demo {
		client, err = service.Connect(ctx, d.Env, &d.Flags)
		return client, func() {}, err
	}
	fake, client, err := service.ConnectFake(ids.IDs(), append(d.Options(), d.Traced(d.Env, "")...)...)
	if err != nil {
		return nil, nil, err
	}
	d.note("Demo: a fake service in this process holds %s; nothing leaves this machine.", cli.Count(ids.Len(), "task"))
	return client, func() {
		d.note("The fake received %s and now holds %s.", cli.Count(len(fake.Requests()), "request"), cli.Count(len(fake.Tasks()), "task"))
		fake.Close()
	}, nil
}

// purge records the outcome of each batch before it reports the batch, and stops when a
// report cannot be written.
func (d *deletion) purge(ctx context.Context, client *wrapper.Client, ids *idlist.List) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	bar := d.showBar(ids.Len())
	defer bar.Stop()
	opts := wrapper.PurgeOptions{UID: d.uid, BatchSize: d.batchSize, Concurrency: d.concurrency, Isolate: d.isolate}
	for batch, err := range client.PurgeImagesTasks(ctx, slices.Values(ids.IDs()), opts) {
		if isHeldBack(err) {
			d.stopped = true
			continue // reportRest reports all of these at once
		}
		o := outcomeOf(err)
		if d.outcomes.record(batch, o); d.ended.Load() {
			return
		}
		if o == deleted {
			d.record(ctx, batch)
		}
		d.causes.add(batch, err)
		d.batches++
		d.report.Report(batchRecord{batch, o, d.Advisor().Describe(err)})
		bar.Add(len(batch))
		if d.report.Err() != nil || d.unrecorded != nil {
			stop()
		}
	}
}

// record records a deletion. Nothing more is deleted of the journal's tasks once that fails,
// because the journal would not know.
func (d *deletion) record(ctx context.Context, batch []string) {
	if err := d.track.deleted(ctx, batch); err != nil && d.track.fromJournal {
		d.unrecorded = err
	}
}

// isHeldBack reports whether a batch was not sent because the purge had stopped.
func isHeldBack(err error) bool {
	var e *wrapper.TransportError
	return errors.As(err, &e) && e.Attempts == 0 && errors.Is(err, wrapper.ErrNotSent)
}

// showBar shows a progress bar if a person is watching, and otherwise a line now and then.
func (d *deletion) showBar(total int) *cli.Bar {
	if !d.ShowsProgress(d.Env) {
		return cli.NewPlainBar(d.Env, "Deleting", total)
	}
	bar := cli.NewBar(d.Stderr, "Deleting", total)
	d.report.Show(bar)
	return bar
}

func (d *deletion) note(format string, args ...any) {
	d.report.Report(cli.Note(fmt.Sprintf(format, args...)))
}

func (d *deletion) save() error { return d.saver.Save(d.outcomes.left()) }
