package durable

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// panicking is a transport that panics with what it is given.
type panicking struct{}

func (panicking) RoundTrip(req *http.Request) (*http.Response, error) {
	panic("no route for " + req.Header.Get("Authorization") + "\n")
}

// panickingLog is the handler of a logger that panics.
type panickingLog struct{ slog.Handler }

func (panickingLog) Enabled(context.Context, slog.Level) bool  { return true }
func (panickingLog) Handle(context.Context, slog.Record) error { panic("logged " + testKey) }

// River keeps the text of a panic in a table, so it gets an error without the key instead.
func TestAPanicOfTheCallersCode(t *testing.T) {
	t.Parallel()
	onChange := func(o *Options) { o.OnChange = func(batch.Result) { panic("changed " + testKey) } }
	logger := func(o *Options) { o.Logger = slog.New(panickingLog{}) }
	gone := func(srv *fakeapi.Server) { srv.FailNextOn("infoByTaskId", 1, notFound) }
	noCredits := func(srv *fakeapi.Server) { srv.FailNextOn("seeDreamV45", 1, fakeapi.BusinessCode(9000, "no")) }
	lost := func(srv *fakeapi.Server) { srv.FailNextOn("seeDreamV45", 1, fakeapi.DropAnswer()) }
	for name, tt := range map[string]struct {
		set       func(*Options)
		fault     func(*fakeapi.Server)
		transport bool
		from      batch.State // of the row
		then      batch.State
		work      func(*testing.T, *WorkerSet) error
	}{
		"a transport, submitting": {nil, nil, true, batch.Planned, batch.Submitting, submitA},
		"OnChange, submitting":    {onChange, nil, false, batch.Planned, batch.Submitted, submitA},
		"OnChange, not placed":    {onChange, noCredits, false, batch.Planned, batch.Planned, submitA},
		"a logger, not placed":    {logger, noCredits, false, batch.Planned, batch.Planned, submitA},
		"a logger, in doubt":      {logger, lost, false, batch.Planned, batch.InDoubt, submitA},
		"a transport, waiting":    {nil, nil, true, batch.Submitted, batch.Submitted, waitA},
		"OnChange, waiting":       {onChange, nil, false, batch.Submitted, batch.Completed, waitA},
		"a logger, waiting":       {logger, gone, false, batch.Submitted, batch.Submitted, waitA},
		"a transport, saving":     {nil, nil, true, batch.Completed, batch.Completed, saveA},
		"OnChange, saving":        {onChange, nil, false, batch.Completed, batch.Saved, saveA},
		"a logger, sweeping":      {logger, nil, false, batch.Submitting, batch.InDoubt, sweepA},
		"OnChange, sweeping":      {onChange, nil, false, batch.Submitting, batch.InDoubt, sweepA},
		"a logger, deleting":      {logger, nil, false, batch.Saved, batch.Deleted, retainA},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, srv, plain := submitted(t, soon(), time.Hour, fakeapi.TaskLife{})
			opts := soon()
			opts.KeepFor = time.Minute
			opts.Save = func(_ context.Context, _ batch.Result, _ int, open opener) error {
				_, err := open(io.Discard)
				return err
			}
			if tt.set != nil {
				tt.set(&opts)
			}
			c := plain.client
			if tt.transport {
				c = clientOf(t, srv.URL, &http.Client{Transport: panicking{}})
			}
			put(t, s, "a", tt.from, map[batch.State]string{batch.Planned: "task_id = NULL", batch.Submitting: expired}[tt.from])
			if tt.fault != nil {
				tt.fault(srv)
			}
			err := tt.work(t, workersOf(t, s, c, opts))
			if err == nil || !strings.HasPrefix(err.Error(), "durable: panic: ") || strings.Contains(err.Error(), testKey) || strings.Contains(err.Error(), "\n") {
				t.Errorf("River gets %v", err)
			}
			if e := entryOf(t, s, "a"); e.State != tt.then {
				t.Errorf("%+v", e)
			}
			leaks(t, s)
		})
	}
}

func submitA(t *testing.T, set *WorkerSet) error { t.Helper(); return submitOnce(t, set, "a") }
func waitA(t *testing.T, set *WorkerSet) error   { t.Helper(); return waitOnce(t, set, "a") }
func saveA(t *testing.T, set *WorkerSet) error   { t.Helper(); return saveOnce(t.Context(), set) }

func sweepA(t *testing.T, set *WorkerSet) error {
	t.Helper()
	return (&sweepWorker{set: set}).Work(t.Context(), &river.Job[sweepArgs]{JobRow: &rivertype.JobRow{Attempt: 1}})
}

func retainA(t *testing.T, set *WorkerSet) error {
	t.Helper()
	return (&retainWorker{set: set}).Work(t.Context(), &river.Job[retainArgs]{JobRow: &rivertype.JobRow{Attempt: 1}})
}
