package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/idlist"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/leftover"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// deletion is one run of images delete.
type deletion struct {
	env
	deleteFlags
	account *account
	report  reporter
	saver   *leftover.File // nil without --remaining
	batches int            // told
	causes  causes
	outErr  error // of the first write to stdout that failed
}

// deleteImages is images delete: read, prepare, ask, purge, account.
func deleteImages(ctx context.Context, e env, f deleteFlags, args []string) error {
	var demo []string
	if f.demo {
		demo = taskIDs(demoTasks)
	}
	ids, err := readIDs(ctx, e, f.file, demo, args)
	if err != nil {
		return err
	}
	if f.dryRun {
		batches := (ids.Len() + f.batchSize - 1) / f.batchSize
		return newReporter(e, f).plan(plan{ids.Len(), ids.Repeats(), batches, f.batchSize})
	}
	d := &deletion{env: e, deleteFlags: f, account: newAccount(ids), report: newReporter(e, f)}
	if err := d.prepare(); err != nil {
		return err
	}
	// From here on each way out leads through the account, so that no id is lost.
	return d.close(ctx, d.run(ctx, ids))
}

// prepare makes sure that --remaining can be written, and has it written even
// if the process is about to be ended.
func (d *deletion) prepare() error {
	if d.remaining == "" {
		return nil
	}
	file, err := leftover.Create(d.remaining)
	if err != nil {
		return usagef("cannot write --remaining: %w; nothing was sent", err)
	}
	d.saver = file
	d.lastWords.set(func() { _ = d.save() })
	return nil
}

// run deletes. Its error is what kept it from sending anything.
func (d *deletion) run(ctx context.Context, ids *idlist.List) error {
	if ids.Len() == 0 {
		return nil
	}
	client, done, err := d.connect(ids)
	if err != nil {
		return err
	}
	defer done()
	if err := confirm(ctx, d.env, d.deleteFlags, ids.Len()); err != nil {
		return err
	}
	d.report = withProgress(d.report, d.env, d.deleteFlags, ids.Len())
	d.purge(ctx, client, ids)
	return nil
}

func (d *deletion) connect(ids *idlist.List) (client *wrapper.Client, done func(), err error) {
	if !d.demo {
		client, err = connect(d.env, d.serviceFlags)
		return client, func() {}, err
	}
	fake, client, err := connectFake(ids.IDs(), d.options()...)
	if err != nil {
		return nil, nil, err
	}
	d.note("Demo: a fake service in this process holds %s; nothing leaves this machine.", count(ids.Len(), "task"))
	return client, func() {
		d.note("The fake received %s and holds %s now.", count(len(fake.Requests()), "request"), count(len(fake.Tasks()), "task"))
		fake.Close()
	}, nil
}

// purge records each batch before it is told, and stops if it can't be told.
func (d *deletion) purge(ctx context.Context, client *wrapper.Client, ids *idlist.List) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	opts := wrapper.PurgeOptions{UID: d.uid, BatchSize: d.batchSize, Concurrency: d.concurrency, Isolate: d.isolate}
	for batch, err := range client.PurgeImagesTasks(ctx, slices.Values(ids.IDs()), opts) {
		o := outcomeOf(err)
		d.account.record(batch, o)
		d.causes.add(batch, err)
		d.batches++
		d.tell(func() error { return d.report.batch(batch, o, err) })
		if d.outErr != nil {
			stop()
		}
	}
}

// tell reports, until a write fails: after a broken line nothing makes sense.
func (d *deletion) tell(write func() error) {
	if d.outErr == nil {
		d.outErr = write()
	}
}

func (d *deletion) note(format string, args ...any) {
	d.tell(func() error { return d.report.note(fmt.Sprintf(format, args...)) })
}

func (d *deletion) save() error { return d.saver.Save(d.account.left()) }
