package main

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

// newTestRun is a run whose report is kept. It has no client.
func newTestRun(out io.Writer) *taskRun { return &taskRun{report: textTasks{out}} }

func TestEach(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	r := newTestRun(&out)
	var asked []string
	r.each(t.Context(), []string{"a", "b", "c"}, 1, func(_ context.Context, _ *taskRun, id string) error {
		asked = append(asked, id)
		if id == "b" {
			return errors.New("no")
		}
		return nil
	})
	if diff := cmp.Diff([]string{"a", "b", "c"}, asked); diff != "" {
		t.Error(diff)
	}
	wantText(t, "report", out.String(), "b: failed: no\n")
	if r.failed != 1 {
		t.Errorf("%d failed", r.failed)
	}
}

func TestEachIsBounded(t *testing.T) {
	t.Parallel()
	var now, most, all atomic.Int32
	gather := make(chan struct{})
	newTestRun(io.Discard).each(t.Context(), taskIDs(20), atATime, func(context.Context, *taskRun, string) error {
		n := now.Add(1)
		defer now.Add(-1)
		for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
		}
		if all.Add(1) == atATime { // they are under way together
			close(gather)
		}
		<-gather
		return nil
	})
	if most.Load() != atATime || all.Load() != 20 {
		t.Errorf("%d of %d at once, want %d", most.Load(), all.Load(), atATime)
	}
}

// After an error that all others would meet, no other is asked.
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
		"the key":     {ctx: t.Context(), do: func() error { return wrapper.ErrUnauthorized }, want: "stopped before their turn"},
		"Ctrl-C":      {ctx: ctx, do: func() error { interrupt(); return context.Canceled }, want: "interrupted before their turn"},
		"closed pipe": {ctx: t.Context(), do: func() error { return errors.New("any") }, out: failingWriter{io.ErrClosedPipe}},
	} {
		t.Run(name, func(t *testing.T) {
			var out strings.Builder
			r := newTestRun(&out)
			if tt.out != nil {
				r.report = textTasks{tt.out}
			}
			asked := 0
			r.each(tt.ctx, taskIDs(100), 1, func(context.Context, *taskRun, string) error { asked++; return tt.do() })
			if asked != 1 || r.failed != 100 {
				t.Errorf("%d asked, %d failed", asked, r.failed)
			}
			if want := "not asked: 99 ids (task_000002 … task_000100): " + tt.want + "\n"; tt.want != "" && !strings.HasSuffix(out.String(), want) {
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
		"interrupted":          {interrupted, &taskRun{failed: 2, causes: causes{unauthorized: true}}, statusInterrupted, "interrupted: 2 of 3 image tasks not done; nothing is lost at the service, so ask for the rest again"},
		"key":                  {t.Context(), &taskRun{failed: 1, causes: causes{unauthorized: true, credits: true}}, statusAuth, "the service refused the key; check it, or try --bearer"},
		"key as Bearer":        {t.Context(), &taskRun{failed: 1, serviceFlags: serviceFlags{bearer: true}, causes: causes{unauthorized: true}}, statusAuth, "the service refused the key; check it, or leave --bearer out"},
		"credits":              {t.Context(), &taskRun{failed: 1, causes: causes{credits: true}}, statusCredits, "not enough credits; add some to the account"},
		"stdout":               {t.Context(), &taskRun{failed: 1, outErr: io.ErrShortWrite}, statusFailed, "standard output could not be written: short write"},
		"failures":             {t.Context(), &taskRun{failed: 1}, statusFailed, "1 of 3 image tasks failed"},
	} {
		t.Run(name, func(t *testing.T) {
			err := tt.run.end(tt.ctx, 3)
			if statusOf(err) != tt.status || err != nil && err.Error() != tt.want {
				t.Errorf("%d, %v", statusOf(err), err)
			}
		})
	}
}
