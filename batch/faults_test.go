package batch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// A response that is lost leaves the job in doubt, and it is never sent again.
func TestALostResponseIsInDoubt(t *testing.T) {
	t.Parallel()
	srv, c := start(t)
	j := newJournal(t)
	srv.FailNext(1, fakeapi.DropAnswer())
	for range 2 {
		o := collect(t.Context(), t, c, j, numbered(3), Options{Parallel: 1, Wait: soon})
		r := o.results["000"]
		if o.err != nil || r.State != InDoubt || !errors.Is(r.Err, ErrInDoubt) || r.TaskID != "" || o.count(Completed) != 2 || len(srv.Tasks()) != 3 {
			t.Fatalf("%+v, %d tasks", o, len(srv.Tasks()))
		}
	}
	if err := Resolve(t.Context(), j, "000", srv.Tasks()[0]); err != nil {
		t.Fatal(err)
	}
	o := collect(t.Context(), t, c, j, numbered(3), Options{Wait: soon, Save: ToDir(t.TempDir(), "{key}{ext}")})
	if o.err != nil || o.count(Saved) != 3 || o.results["000"].TaskID != srv.Tasks()[0] || len(srv.Tasks()) != 3 {
		t.Errorf("%+v", o)
	}
}

func TestDecisions(t *testing.T) {
	t.Parallel()
	j := newJournal(t)
	for _, e := range []Entry{{Key: "doubt", State: InDoubt}, {Key: "done", State: Saved, TaskID: "t"}, {Key: "failed", State: Failed, TaskID: "t"}, {Key: "own", State: Submitted, TaskID: "t3"}} {
		if err := j.Put(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	for _, err := range []error{
		Resolve(t.Context(), j, "none", "t"), Resolve(t.Context(), j, "done", "t"), Resolve(t.Context(), j, "own", "t"),
		Resubmit(t.Context(), j, "none"), Resubmit(t.Context(), j, "done"),
	} {
		if !errors.Is(err, ErrNoDecision) {
			t.Errorf("%v", err)
		}
	}
	if err := Resolve(t.Context(), j, "doubt", ""); !errors.Is(err, ErrInvalidEntry) {
		t.Errorf("no task: %v", err)
	}
	if err := Resolve(t.Context(), j, "failed", "t"); err != nil || entryOf(t, j, "failed").State != Submitted {
		t.Errorf("its own task: %v", err)
	}
	if err := Resolve(t.Context(), j, "failed", "t2"); err != nil || entryOf(t, j, "failed").TaskID != "t2" {
		t.Errorf("named by hand, another task: %v", err)
	}
	if err := j.Put(t.Context(), Entry{Key: "failed", State: Failed, TaskID: "t"}); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(Resubmit(t.Context(), j, "doubt"), Resubmit(t.Context(), j, "failed")); err != nil {
		t.Error(err)
	}
	if a, b := entryOf(t, j, "doubt"), entryOf(t, j, "failed"); a.State != Planned || b.State != Planned || b.TaskID != "" {
		t.Errorf("%+v %+v", a, b)
	}
}

// A mistyped id fails, and is corrected.
func TestResolveCorrectsATask(t *testing.T) {
	t.Parallel()
	j := newJournal(t)
	for _, id := range []string{"mistyped", "t"} {
		put(t, j, Entry{Key: "fox", State: Failed, TaskID: "mistyped", Error: "the service does not know the task"})
		if err := Resolve(t.Context(), j, "fox", id); err != nil {
			t.Error(err)
		}
		if e := entryOf(t, j, "fox"); e.State != Submitted || e.TaskID != id {
			t.Errorf("%+v", e)
		}
	}
}

// While a run has the journal, the response to a submission may come at any moment, so that
// nobody decides about it. What is in doubt has no response to come.
func TestDecisionsBesideARun(t *testing.T) {
	t.Parallel()
	held := newJournal(t)
	put(t, held, Entry{Key: "sending", State: Submitting})
	put(t, held, Entry{Key: "doubt", State: InDoubt})
	beside := shareAt(t, held.path)
	for name, err := range map[string]error{
		"Resolve": Resolve(t.Context(), beside, "sending", "t"), "Resubmit": Resubmit(t.Context(), beside, "sending"),
	} {
		if !errors.Is(err, ErrLocked) || !strings.Contains(err.Error(), "process ") || !beside.InUse() {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := Resolve(t.Context(), beside, "doubt", "t"); err != nil {
		t.Error(err)
	}
	if err := Resolve(t.Context(), beside, "doubt", "t2"); !errors.Is(err, ErrLocked) {
		t.Errorf("a run may be waiting for the task: %v", err)
	}
	if err := held.Close(); err != nil {
		t.Fatal(err)
	}
	if beside.InUse() {
		t.Error("in use after Close")
	}
	for _, err := range []error{Resolve(t.Context(), beside, "doubt", "t2"), Resolve(t.Context(), beside, "sending", "t")} {
		if err != nil {
			t.Error(err)
		}
	}
	_ = journalAt(t, held.path) // nothing keeps the lock
}

// What is known of the effect of a submission decides what becomes of the job.
func TestResponsesToASubmission(t *testing.T) {
	t.Parallel()
	json := func(status int, body string) fakeapi.Fault { return fakeapi.Respond(status, "application/json", body) }
	tests := map[string]struct {
		fault fakeapi.Fault
		state State
		stops bool
		want  error
	}{
		"503":             {json(503, `{"code":503,"msg":"no"}`), InDoubt, false, wrapper.ErrOutcomeUnknown},
		"502 of a proxy":  {fakeapi.Respond(502, "text/html", "<html>"), InDoubt, false, wrapper.ErrOutcomeUnknown},
		"a broken body":   {fakeapi.MalformedBody(), InDoubt, false, wrapper.ErrOutcomeUnknown},
		"no response":     {fakeapi.DropRequest(), InDoubt, false, wrapper.ErrOutcomeUnknown},
		"no task id":      {json(200, `{"code":1000,"msg":"ok","data":{"taskid":""}}`), InDoubt, false, wrapper.ErrOutcomeUnknown},
		"a refusal":       {fakeapi.BusinessCode(9999, "this prompt is not allowed"), Refused, false, wrapper.ErrFailure},
		"a bad request":   {json(400, `{"code":400,"msg":"no"}`), Refused, false, nil},
		"a rejected key":  {json(401, `{"code":401,"msg":"no"}`), Refused, true, wrapper.ErrUnauthorized},
		"no more credits": {fakeapi.BusinessCode(9000, "no credits"), Refused, true, wrapper.ErrInsufficientCredits},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, c := start(t)
			j := newJournal(t)
			srv.FailNext(1, tt.fault)
			o := collect(t.Context(), t, c, j, numbered(3), Options{Parallel: 1, Wait: soon})
			if r := o.results["000"]; r.State != tt.state || r.Err == nil || tt.want != nil && !errors.Is(r.Err, tt.want) {
				t.Errorf("%+v", o)
			}
			if tt.stops != (o.err != nil) || tt.stops && (!errors.Is(o.err, tt.want) || len(o.results) != 1) || !tt.stops && o.count(Completed) != 2 {
				t.Errorf("%+v", o)
			}
			// The next run sends what was refused, and never what is in doubt.
			o = collect(t.Context(), t, c, j, numbered(3), Options{Parallel: 1, Wait: soon})
			if want := map[State]int{InDoubt: 2, Refused: 3}[tt.state]; o.err != nil || o.count(Completed) != want {
				t.Errorf("then: %+v", o)
			}
		})
	}
}

// 429 and a full plan wait for a place, and the job keeps its own.
func TestTooManyRequestsWait(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]fakeapi.Fault{
		"429": fakeapi.RateLimit(1), "a business code": fakeapi.BusinessCode(9999, "Too many concurrent tasks"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, c := start(t)
			srv.FailNext(2, fault)
			o := collect(t.Context(), t, c, newJournal(t), numbered(4), Options{Parallel: 2, Wait: soon})
			if o.err != nil || o.count(Completed) != 4 || len(srv.Tasks()) != 4 {
				t.Errorf("%+v", o)
			}
		})
	}
}

// The plan of the fake has fewer places than the run: nothing is lost, paid twice
// or submitted beyond the plan.
func TestAPlanLowerThanParallel(t *testing.T) {
	t.Parallel()
	for _, response := range []fakeapi.Option{
		fakeapi.WithFullPlan(fakeapi.RateLimit(0)), fakeapi.WithFullPlan(fakeapi.BusinessCode(9999, "task limit reached")),
	} {
		srv, c := start(t, fakeapi.WithMaxTasks(2), response)
		o := collect(t.Context(), t, c, newJournal(t), numbered(12), Options{Parallel: 4, Wait: soon})
		if o.err != nil || o.count(Completed) != 12 || len(srv.Tasks()) != 12 {
			t.Errorf("%+v", o)
		}
	}
}

// Credits that end at job 37: what was paid is finished, nothing else is sent.
func TestCreditsEnd(t *testing.T) {
	t.Parallel()
	srv, c := start(t, fakeapi.WithCredits(36), fakeapi.WithTaskLife(fakeapi.TaskLife{Processing: 5}))
	j := newJournal(t)
	o := collect(t.Context(), t, c, j, numbered(200), Options{Parallel: 4, Wait: soon, Save: ToDir(t.TempDir(), "{key}{ext}")})
	if !errors.Is(o.err, wrapper.ErrInsufficientCredits) || o.count(Saved) != 36 || len(srv.Tasks()) != 36 || o.count(Refused) < 1 {
		t.Errorf("%d saved, %d refused, %v", o.count(Saved), o.count(Refused), o.err)
	}
}

func TestAKeyThatIsRefusedAtJobOne(t *testing.T) {
	t.Parallel()
	srv, c := start(t, fakeapi.WithKey("another-key-0123456789"))
	o := collect(t.Context(), t, c, newJournal(t), numbered(200), Options{Parallel: 4, Wait: soon})
	if n := len(srv.Requests()); !errors.Is(o.err, wrapper.ErrUnauthorized) || n > 4 || o.count(Refused) < 1 {
		t.Errorf("%d requests, %+v", n, o)
	}
	if strings.Contains(o.err.Error(), testKey) {
		t.Error("the error has the key")
	}
}

// A service that can't be reached: nothing is in doubt, and the run ends.
func TestAServiceThatIsAway(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		refused := &away{}
		c, err := wrapper.NewClient(testKey, wrapper.WithHTTPClient(&http.Client{Transport: refused}))
		if err != nil {
			t.Fatal(err)
		}
		j, begin := new(memoryJournal), time.Now()
		o := collect(t.Context(), t, c, j, numbered(20), Options{Parallel: 2})
		if !errors.Is(o.err, wrapper.ErrNotSent) || o.count(Planned) != len(o.results) || len(o.results) < 1 || len(o.results) > 2 {
			t.Errorf("%+v", o)
		}
		if took := time.Since(begin); took < 10*time.Second || took > 2*time.Minute {
			t.Errorf("the run ended after %v", took)
		}
	})
}

// away is a network without the service.
type away struct{ mu sync.Mutex }

func (a *away) RoundTrip(req *http.Request) (*http.Response, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	_ = req.Body.Close()
	return nil, fmt.Errorf("dial tcp: %w", errRefused)
}

// A service that forgets a task: the job fails after a while, and says that it was paid.
func TestAForgottenTask(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newClockwork([]time.Duration{time.Minute, time.Minute}, 0)
		j := new(memoryJournal)
		gone := Entry{Key: "gone", State: Submitted, TaskID: "forgotten", Time: time.Now().Add(-time.Hour)}
		if err := j.Put(t.Context(), gone); err != nil {
			t.Fatal(err)
		}
		o := collect(t.Context(), t, s.client(t), j, numbered(2), Options{Parallel: 1})
		r := o.results["gone"]
		if o.err != nil || r.State != Failed || !errors.Is(r.Err, wrapper.ErrNotFound) || !strings.Contains(r.Err.Error(), "paid") || o.count(Completed) != 2 {
			t.Errorf("%+v", o)
		}
	})
}

// A journal that fails stops the run before the next submission, and the id of a
// task that can't be recorded is in the result.
func TestAJournalThatFails(t *testing.T) {
	t.Parallel()
	full := errors.New("no space left")
	for _, state := range []State{Submitting, Submitted, Completed} {
		srv, c := start(t)
		j := &failingJournal{memoryJournal: new(memoryJournal), state: state, after: 3, err: full}
		o := collect(t.Context(), t, c, j, numbered(50), Options{Parallel: 1, Wait: soon})
		if !errors.Is(o.err, full) || len(srv.Tasks()) > 4 || len(o.results) > 5 {
			t.Errorf("%v: %d tasks, %+v", state, len(srv.Tasks()), o)
		}
		r := o.results["003"]
		if !errors.Is(r.Err, full) || (r.TaskID == "") != (state == Submitting) || state == Submitted && !strings.Contains(r.Err.Error(), r.TaskID) {
			t.Errorf("%v: %+v", state, r)
		}
	}
}

// failingJournal fails to record a state, after a number of times.
type failingJournal struct {
	*memoryJournal
	state State
	after int
	err   error
	mu    sync.Mutex
}

func (j *failingJournal) Put(ctx context.Context, e Entry) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if e.State == j.state {
		if j.after--; j.after < 0 {
			return j.err
		}
	}
	return j.memoryJournal.Put(ctx, e)
}
