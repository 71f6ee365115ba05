package images

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/service"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// newTestRun returns a run without a client that reports to out.
func newTestRun(out io.Writer) *taskRun { return &taskRun{report: cli.NewReporter(out, false)} }

func TestEach(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	r := newTestRun(&out)
	var requested []string
	r.each(t.Context(), []string{"a", "b", "c"}, 1, func(_ context.Context, _ *taskRun, id string) error {
		requested = append(requested, id)
		if id == "b" {
			return errors.New("no")
		}
		return nil
	})
	if diff := cmp.Diff([]string{"a", "b", "c"}, requested); diff != "" {
		t.Error(diff)
	}
	clitest.WantText(t, "report", out.String(), "b: failed: no\n")
	if r.failed != 1 {
		t.Errorf("%d failed", r.failed)
	}
}

func TestEachIsBounded(t *testing.T) {
	t.Parallel()
	var now, most, all atomic.Int32
	gather := make(chan struct{})
	newTestRun(io.Discard).each(t.Context(), service.TaskIDs(20), parallelTasks, func(context.Context, *taskRun, string) error {
		n := now.Add(1)
		defer now.Add(-1)
		for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
		}
		if all.Add(1) == parallelTasks { // they are in flight together
			close(gather)
		}
		<-gather
		return nil
	})
	if most.Load() != parallelTasks || all.Load() != 20 {
		t.Errorf("%d of %d at once, want %d", most.Load(), all.Load(), parallelTasks)
	}
}

// After an error that all others would have too, no other task is requested.
func TestEachStops(t *testing.T) {
	t.Parallel()
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	for name, tt := range map[string]struct {
		ctx  context.Context
		do   func() error
		out  io.Writer
		want string
	}{
		"the key":     {ctx: t.Context(), do: func() error { return wrapper.ErrUnauthorized }, want: "the command stopped before it requested them"},
		"Ctrl-C":      {ctx: ctx, do: func() error { interrupt(); return context.Canceled }, want: "interrupted before they were requested"},
		"closed pipe": {ctx: t.Context(), do: func() error { return errors.New("any") }, out: clitest.FailingWriter{Err: io.ErrClosedPipe}},
	} {
		t.Run(name, func(t *testing.T) {
			var out strings.Builder
			r := newTestRun(&out)
			if tt.out != nil {
				r = newTestRun(tt.out)
			}
			calls := 0
			r.each(tt.ctx, service.TaskIDs(100), 1, func(context.Context, *taskRun, string) error { calls++; return tt.do() })
			if calls != 1 || r.failed != 100 {
				t.Errorf("%d calls, %d failed", calls, r.failed)
			}
			if want := "not requested: 99 ids (task_000002 … task_000100): " + tt.want + "\n"; tt.want != "" && !strings.HasSuffix(out.String(), want) {
				t.Errorf("report %q, want %q", out.String(), want)
			}
		})
	}
}

func TestTaskRunEnd(t *testing.T) {
	t.Parallel()
	interrupted, cancel := context.WithCancel(t.Context())
	cancel()
	for name, tt := range map[string]struct {
		ctx    context.Context
		run    *taskRun
		status int
		want   string
	}{
		"well":                 {ctx: t.Context(), run: &taskRun{}},
		"interrupted too late": {ctx: interrupted, run: &taskRun{}},
		"interrupted":          {interrupted, &taskRun{failed: 2, causes: causes{unauthorized: true}}, cli.Interrupted, "interrupted: 2 of 3 tasks not done; the tasks continue at the service, so run the command again for the rest"},
		"key":                  {t.Context(), &taskRun{failed: 1, causes: causes{unauthorized: true, credits: true}}, cli.Auth, "the service rejected the key; check it, or try --bare-key"},
		"bare key":             {t.Context(), &taskRun{failed: 1, Flags: service.Flags{BareKey: true}, causes: causes{unauthorized: true}}, cli.Auth, "the service rejected the key; check it, or leave --bare-key and TENSORSLAB_AUTH out"},
		"credits":              {t.Context(), &taskRun{failed: 1, causes: causes{credits: true}}, cli.Credits, "not enough credits; add some at https://tensorai.tensorslab.com/"},
		"stdout":               {t.Context(), failing(io.ErrShortWrite, 1), cli.Failed, "standard output could not be written: short write"},
		"failures":             {t.Context(), &taskRun{failed: 1}, cli.Failed, "1 of 3 tasks failed"},
	} {
		t.Run(name, func(t *testing.T) {
			if tt.run.report == nil {
				tt.run.report = cli.NewReporter(io.Discard, false)
			}
			err := tt.run.end(tt.ctx, 3)
			if cli.StatusOf(err) != tt.status || err != nil && err.Error() != tt.want {
				t.Errorf("%d, %v", cli.StatusOf(err), err)
			}
		})
	}
}

// failing returns a run in which some tasks failed and a write to standard output failed.
func failing(err error, failed int) *taskRun {
	r := newTestRun(clitest.FailingWriter{Err: err})
	r.failed = failed
	r.report.Report(cli.Note("lost"))
	return r
}
