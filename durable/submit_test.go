package durable

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

func workersOf(t *testing.T, s *Store, c *wrapper.Client, opts Options) *WorkerSet {
	t.Helper()
	set, err := Workers(c, s, opts)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// submitOnce does what River does with a job of the submit queue.
func submitOnce(t *testing.T, set *WorkerSet, key string) error {
	t.Helper()
	return (&submitWorker{set: set}).Work(t.Context(), &river.Job[submitArgs]{JobRow: &rivertype.JobRow{Attempt: 1}, Args: submitArgs{key}})
}

// waitOnce does what River does with a job of the wait queue.
func waitOnce(t *testing.T, set *WorkerSet, key string) error {
	t.Helper()
	return (&waitWorker{set: set}).Work(t.Context(), &river.Job[waitArgs]{JobRow: &rivertype.JobRow{Attempt: 1}, Args: waitArgs{key}})
}

// snoozed returns for how long a job comes back later, or a negative time if it does not.
func snoozed(err error) time.Duration {
	if snooze := new(river.JobSnoozeError); errors.As(err, &snooze) {
		return snooze.Duration
	}
	return -1
}

func inJSON(status int, body string) fakeapi.Fault {
	return fakeapi.Respond(status, "application/json", body)
}

// submissionOutcomes are the states that responses lead to.
var submissionOutcomes = map[string]struct {
	fault fakeapi.Fault
	state batch.State
	later bool // River brings the job again
}{
	"a task":              {fakeapi.Fault{}, batch.Submitted, false},
	"a lost response":     {fakeapi.DropAnswer(), batch.InDoubt, false},
	"a lost request":      {fakeapi.DropRequest(), batch.InDoubt, false},
	"half a response":     {fakeapi.TruncateBody(), batch.InDoubt, false},
	"a gateway":           {fakeapi.Respond(503, "text/html", "<html>no"), batch.InDoubt, false},
	"a late response":     {fakeapi.DelayAnswer(time.Minute), batch.InDoubt, false},
	"a task and a fault":  {inJSON(200, `{"code":9999,"msg":"no","data":{"taskid":"t1","url":""}}`), batch.Submitted, false},
	"no task id":          {inJSON(200, `{"code":1000,"msg":"OK","data":{"taskid":"","url":""}}`), batch.InDoubt, false},
	"a zero in a task id": {inJSON(200, `{"code":1000,"msg":"OK","data":{"taskid":"a\u0000b","url":""}}`), batch.InDoubt, false},
	"too many requests":   {fakeapi.RateLimit(0), batch.Planned, true},
	"a full plan":         {fakeapi.BusinessCode(9999, "too many concurrent tasks"), batch.Planned, true},
	"no credits":          {fakeapi.BusinessCode(9000, "no credits"), batch.Planned, true},
	"a rejected key":      {inJSON(401, `{"code":401,"msg":"no"}`), batch.Planned, true},
	"a failure":           {fakeapi.BusinessCode(9999, "the prompt is not allowed"), batch.Refused, false},
	"a bad request":       {inJSON(400, `{"code":400,"msg":"no"}`), batch.Refused, false},
}

// Each kind of response leads to a state, and none to a second request.
func TestOutcomesOfASubmission(t *testing.T) {
	t.Parallel()
	for name, tt := range submissionOutcomes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStore(t)
			srv, c := start(t)
			enqueue(t, s, "a")
			srv.FailNextOn("seeDreamV45", 1, tt.fault)
			opts := soon()
			if name == "a late response" {
				opts.SubmitTimeout = time.Second
			}
			set := workersOf(t, s, c, opts)
			err := submitOnce(t, set, "a")
			if (snoozed(err) > 0) != tt.later || !tt.later && err != nil {
				t.Errorf("River gets %v", err)
			}
			e := entryOf(t, s, "a")
			if e.State != tt.state || (e.State == batch.Submitted) == (e.Error != "") || (e.State == batch.Submitted) != (e.TaskID != "") {
				t.Errorf("%+v", e)
			}
			if !tt.later {
				if err := submitOnce(t, set, "a"); err != nil {
					t.Errorf("again: %v", err)
				}
			}
			if n := submissions(t, srv)["prompt a"]; n > 1 {
				t.Errorf("%d submissions", n)
			}
			waits := count(t, s, "river_job WHERE kind = 'tensorslab_wait'")
			if (waits == 1) != (tt.state == batch.Submitted) {
				t.Errorf("%d jobs of River wait for the task", waits)
			}
		})
	}
}

// A process that was stopped between the claim and the request sends nothing once the lease may be
// over: a person may have had the job submitted again.
func TestAStoppedProcessSendsNothingLate(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	srv, c := start(t)
	enqueue(t, s, "a")
	set := workersOf(t, s, c, soon())
	held, err := set.claim(t.Context(), "a", "first")
	if err != nil || held.standing != isClaimed {
		t.Fatal(held, err)
	}
	held.begun = held.begun.Add(-set.opts.SubmitTimeout)
	if err := set.submit(t.Context(), held); snoozed(err) < 0 {
		t.Errorf("River gets %v", err)
	}
	if e := entryOf(t, s, "a"); e.State != batch.Planned {
		t.Errorf("%+v", e)
	}
	if n := len(srv.Requests()); n != 0 {
		t.Errorf("%d requests", n)
	}
}

// The same while the request is prepared.
func TestAStoppedPreparationSendsNothingLate(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	srv, c := start(t)
	enqueue(t, s, "a")
	opts := soon()
	var set *WorkerSet
	opts.Prepare = func(context.Context, string, *wrapper.GenerateRequest) error {
		set.opts.SubmitTimeout = time.Nanosecond // as if all of it were over
		return nil
	}
	set = workersOf(t, s, c, opts)
	if err := submitOnce(t, set, "a"); snoozed(err) < 0 {
		t.Errorf("River gets %v", err)
	}
	if e := entryOf(t, s, "a"); e.State != batch.Planned || len(srv.Requests()) != 0 {
		t.Errorf("%+v, %d requests", e, len(srv.Requests()))
	}
}

// While the service takes no jobs, a process does not send one after the other.
func TestOneRefusalPausesTheProcess(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	srv, c := start(t)
	enqueue(t, s, numbered(3)...)
	srv.FailNextOn("seeDreamV45", 100, fakeapi.BusinessCode(9000, "no credits"))
	opts := soon()
	opts.SubmitTimeout = 2 * time.Second // and so long does a job wait for a place
	set := workersOf(t, s, c, opts)
	for _, key := range numbered(3) {
		if err := submitOnce(t, set, key); snoozed(err) <= 30*time.Second {
			t.Errorf("%s: %v", key, err)
		}
		if e := entryOf(t, s, key); e.State != batch.Planned {
			t.Errorf("%+v", e)
		}
	}
	if n := len(srv.Requests()); n != 1 {
		t.Errorf("%d requests", n)
	}
}

// A message that only reads like that of a full plan is not believed for ever.
func TestAFullPlanIsBelievedForAWhile(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	srv, c := start(t)
	enqueue(t, s, "a")
	srv.FailNextOn("seeDreamV45", 100, fakeapi.BusinessCode(9999, "your plan is too busy"))
	set := workersOf(t, s, c, soon())
	n := 0
	for ; n < 100 && entryOf(t, s, "a").State == batch.Planned; n++ {
		set.pause.reset()
		_ = submitOnce(t, set, "a")
	}
	if e := entryOf(t, s, "a"); e.State != batch.Refused || n != maxCrowded+1 {
		t.Errorf("%+v after %d", e, n)
	}
}

// After the service has asked for a time, that time passes first.
func TestRetryAfterIsObeyed(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	srv, c := start(t)
	enqueue(t, s, "a")
	srv.FailNextOn("seeDreamV45", 1, fakeapi.RateLimit(77))
	set := workersOf(t, s, c, soon())
	if err := submitOnce(t, set, "a"); snoozed(err) < 77*time.Second || set.pause.left() < 70*time.Second {
		t.Errorf("%v, paused for %v", err, set.pause.left())
	}
}

// The key is nowhere in the database, even if a request holds it by mistake.
func TestARequestThatHoldsTheKey(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]wrapper.GenerateRequest{
		"in the prompt":  {Prompt: "a fox " + testKey + " runs"},
		"in the address": {Prompt: "a fox", ImageURL: "https://example.com/?k=" + testKey},
		"as a header":    {Prompt: strings.Repeat("x", 300) + "Authorization: Bearer " + testKey},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStore(t)
			srv, c := start(t)
			if err := inTx(t, s, batch.Job{Key: "a", Request: r}); err != nil {
				t.Fatal(err)
			}
			set := workersOf(t, s, c, soon())
			for range 2 { // the second time the request is gone
				if err := submitOnce(t, set, "a"); err != nil {
					t.Error(err)
				}
				if e := entryOf(t, s, "a"); e.State != batch.Refused || !strings.Contains(e.Error, "key") || len(srv.Requests()) > 0 {
					t.Errorf("%+v", e)
				}
				leaks(t, s)
				if err := s.Resubmit(t.Context(), "a"); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// leaks finds the key in the tables.
func leaks(t *testing.T, s *Store) {
	t.Helper()
	for _, table := range []string{"tensorslab_job", "tensorslab_stray", "river_job"} {
		if n := count(t, s, table+" AS r WHERE r::text LIKE '%' || $1 || '%'", testKey); n > 0 {
			t.Errorf("%d rows of %s hold the key", n, table)
		}
	}
}
