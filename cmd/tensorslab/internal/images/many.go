package images

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/journal"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/prompts"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/service"
	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// manyRun is one run of images generate --file.
type manyRun struct {
	cli.Env
	generateFlags
	client  *wrapper.Client
	fake    *fakeapi.Server // nil unless it is a demo
	journal batch.Journal
	closing []func()
	input   *promptFile
	jobs    *jobList
	save    saveFunc // nil without --out
	report  *cli.Reporter
	bar     *cli.Bar
	plan    manyPlan
	manyTally
}

// saveFunc is the type of batch.Options.Save.
type saveFunc = func(context.Context, batch.Result, int, func(w io.Writer) (wrapper.Downloaded, error)) error

// generateMany runs images generate --file: read and check everything, ask, run the batch,
// summarise.
func generateMany(ctx context.Context, e cli.Env, f generateFlags) error {
	m := &manyRun{Env: e, generateFlags: f, report: f.NewReporter(e), manyTally: manyTally{created: map[string]bool{}, sending: map[string]bool{}, named: map[string]bool{}}}
	defer m.close()
	if err := m.prepare(ctx); err != nil {
		return err
	}
	if err := m.makePlan(ctx); err != nil {
		return err
	}
	if f.dryRun {
		m.report.Report(dryRunRecord{m.plan, m.plan.text(f.maxTasks)})
		return m.report.Err()
	}
	m.PrintNote(m.Env)
	if err := m.confirm(ctx); err != nil {
		return err
	}
	return m.finish(ctx, m.run(ctx))
}

// prepare opens everything that the run needs, in the order of what is refused first.
func (m *manyRun) prepare(ctx context.Context) (err error) {
	if m.out != "" && !m.dryRun {
		if _, err := m.open(); err != nil {
			return err
		}
	}
	if err := m.connect(ctx); err != nil {
		return err
	}
	shared, closeSources, err := openSourcesOfRun(ctx, m.Env, m.sources) // first, because it sets OnExit
	if err != nil {
		return err
	}
	m.closing = append(m.closing, closeSources)
	if m.journal, err = m.openJournal(ctx); err != nil {
		return err
	}
	if m.input, err = openPrompts(ctx, m.Env, &m.generateFlags); err != nil {
		return err
	}
	m.jobs = &jobList{onExit: m.OnExit, file: m.input, flags: &m.generateFlags, shared: shared, keys: map[int]string{}, sums: map[int]string{}, open: map[string]func(){}}
	m.OnExit.Add(m.jobs.close)
	m.closing = append(m.closing, m.input.close, m.jobs.close)
	if m.out != "" {
		m.save = batch.ToDir(m.out, m.name)
	}
	return nil
}

func (m *manyRun) connect(ctx context.Context) (err error) {
	policy := wrapper.WithDownload(wrapper.DownloadPolicy{AllowPrivate: m.allowPrivate || m.IsLocal(m.Env)})
	if !m.Demo {
		m.client, err = service.Connect(ctx, m.Env, &m.Flags, policy)
		return err
	}
	if m.fake, m.client, err = service.ConnectFake(nil, append(m.Options(), m.Traced(m.Env, "")...)...); err != nil {
		return err
	}
	m.closing = append(m.closing, func() { m.fake.Close() })
	m.report.Report(cli.Note("Demo: a fake service in this process; nothing leaves this machine."))
	return nil
}

// openJournal opens the journal for this run alone. A dry run only reads it. Without a
// journal that stays, the run has one that goes with it.
func (m *manyRun) openJournal(ctx context.Context) (batch.Journal, error) {
	if m.dryRun && !m.generateFlags.journal.None && !m.Demo {
		j, err := m.generateFlags.journal.Read(m.Env)
		if j == nil && err == nil || errors.Is(err, fs.ErrNotExist) {
			return journal.Empty{}, nil
		}
		if err != nil {
			return nil, err
		}
		m.closing = append(m.closing, func() { _ = j.Close() })
		return j, nil
	}
	flags := m.generateFlags.journal
	if flags.None || m.Demo {
		dir, remove, err := m.OnExit.TempDir("tensorslab-journal-")
		if err != nil {
			return nil, cli.Failf(cli.Failed, "cannot keep track of the tasks: %w; nothing was sent", err)
		}
		m.closing = append(m.closing, remove)
		flags = journal.Flags{File: filepath.Join(dir, "tasks.jsonl")}
	}
	j, err := flags.Exclusive(ctx, m.Env)
	if err != nil {
		return nil, err
	}
	m.closing = append(m.closing, func() { _ = j.Close() })
	return j, nil
}

func (m *manyRun) close() {
	for i := len(m.closing) - 1; i >= 0; i-- {
		m.closing[i]()
	}
}

func (m *manyRun) options() batch.Options {
	opts := batch.Options{
		Parallel: m.parallel, MaxTasks: m.maxTasks, Save: m.save, CheckFiles: true, OnChange: m.changed,
		Resume: func(e batch.Entry) bool { return m.isOwn() && !journal.IsSingle(e.Key) },
	}
	if m.Demo || m.IsLocal(m.Env) { // a service on this machine is a fake
		opts.Wait.Interval = demoInterval
	}
	return opts
}

// isOwn reports whether the journal is one of this batch, so that all unfinished jobs in
// it are gone on with, whether or not the file still has their prompts. The default journal
// has those of other batches as well, whose images belong elsewhere.
func (m *manyRun) isOwn() bool { return m.generateFlags.journal.File != "" }

// confirm asks before anything is paid for, as images delete asks before it deletes.
func (m *manyRun) confirm(ctx context.Context) error {
	if m.plan.fresh == 0 || m.yes || m.Demo || !cli.IsTerminal(m.Stdin) {
		return nil
	}
	terminal, done := terminalOf(m.Env)
	if terminal == nil {
		return cli.Usagef("there is no terminal to ask for a confirmation on; pass --yes to generate without it; nothing was sent")
	}
	defer done()
	return askFor(ctx, m.Stdin, terminal, "Pay for "+m.plan.text(m.maxTasks)+"?")
}

// run runs the batch, and returns its error. If standard output is closed nothing more is
// submitted, and what is under way is left to the next run.
func (m *manyRun) run(ctx context.Context) (runErr error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	m.OnExit.Add(func() {
		if m.submitting.Load() > 0 {
			m.OnExit.MayHavePaid()
		}
		m.Warn("interrupted; the journal has every submission, and the next run lists those without a response as in doubt")
	})
	unwatch := context.AfterFunc(ctx, func() {
		_ = m.bar.Aside(func() error {
			m.Warn("interrupted; waiting up to 30 s for the responses to the submissions under way, because they may have been paid for; interrupt again to end at once")
			return nil
		})
	})
	defer unwatch()
	m.showBar()
	for r, err := range batch.Run(ctx, m.client, m.journal, m.jobs.all(ctx), m.options()) {
		if err != nil {
			return err
		}
		m.jobs.release(r.Key)
		m.ended(r)
		if m.report.Err() != nil {
			unwatch()
			stop()
		}
	}
	return nil
}

// showBar shows a progress bar if a person is watching, and otherwise a line now and then.
func (m *manyRun) showBar() {
	if m.ShowsProgress(m.Env) {
		m.bar = cli.NewBar(m.Stderr, "Generating", m.plan.total)
	} else {
		m.bar = cli.NewPlainBar(m.Env, "Generating", m.plan.total)
	}
	m.report.Show(m.bar)
}

// stopReason words the error that ended a run, and returns its exit status.
func (m *manyRun) stopReason(ctx context.Context, err error) (status int, text string) {
	described := m.Advisor().Describe(err)
	switch {
	case ctx.Err() != nil:
		return cli.Interrupted, "interrupted"
	case errors.Is(err, wrapper.ErrUnauthorized):
		return cli.Auth, "the service rejected the key (" + m.Advisor().KeyAdvice() + ")"
	case errors.Is(err, wrapper.ErrInsufficientCredits):
		return cli.Credits, "not enough credits (" + cli.AddCredits + ")"
	case errors.Is(err, batch.ErrJournal):
		return cli.Failed, "stopped because the journal cannot be written (" + cli.OneLine(bare(err)) + cli.MakeRoom(err) + ")"
	case errors.Is(err, wrapper.ErrNotSent):
		return cli.Later, "stopped: " + described.Error()
	case m.report.Err() != nil:
		return cli.Failed, fmt.Sprintf("stopped because standard output could not be written (%v)", m.report.Err())
	case errors.As(err, new(*prompts.LineError)):
		return cli.Failed, "stopped: " + m.input.name + ": " + strings.TrimPrefix(err.Error(), "batch: the sequence of jobs: ")
	case err != nil:
		return cli.Worst(cli.Failed, cli.StatusFor(err)), "stopped: " + bare(described)
	}
	return cli.OK, ""
}
