package durable

import (
	"context"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// submitted returns a set with a job "a" whose task was created before the given age.
func submitted(t *testing.T, opts Options, age time.Duration, life fakeapi.TaskLife) (*Store, *fakeapi.Server, *WorkerSet) {
	t.Helper()
	s := newStore(t)
	srv, c := start(t, fakeapi.WithTaskLife(life))
	enqueue(t, s, "a")
	set := workersOf(t, s, c, opts)
	if err := submitOnce(t, set, "a"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.pool.Exec(t.Context(), "UPDATE tensorslab_job SET submitted_at = clock_timestamp() - $1::interval", age); err != nil {
		t.Fatal(err)
	}
	return s, srv, set
}

var notFound = inJSON(404, `{"code":9999,"msg":"no such task"}`)

// queryOutcomes are the states that the responses to queries lead to.
var queryOutcomes = map[string]struct {
	age     time.Duration
	life    fakeapi.TaskLife
	fault   fakeapi.Fault
	missing time.Duration
	state   batch.State
	again   time.Duration // about when it is queried again; 0: not
	queries int
}{
	"a new task":               {-10 * time.Second, fakeapi.TaskLife{}, fakeapi.Fault{}, 0, batch.Submitted, 12 * time.Second, 0},
	"a running task":           {4 * time.Second, fakeapi.TaskLife{Queued: 5}, fakeapi.Fault{}, 0, batch.Submitted, 2 * time.Second, 1},
	"an older one":             {96 * time.Second, fakeapi.TaskLife{Queued: 5}, fakeapi.Fault{}, 0, batch.Submitted, 8 * time.Second, 1},
	"a very old one":           {time.Hour, fakeapi.TaskLife{Queued: 5}, fakeapi.Fault{}, 0, batch.Submitted, 15 * time.Second, 1},
	"a completed one":          {time.Minute, fakeapi.TaskLife{}, fakeapi.Fault{}, 0, batch.Completed, 0, 1},
	"one that failed":          {time.Minute, fakeapi.TaskLife{Fail: "it was not allowed"}, fakeapi.Fault{}, 0, batch.Failed, 0, 1},
	"one without an image":     {time.Minute, fakeapi.TaskLife{}, inJSON(200, `{"code":1000,"msg":"OK","data":{"image_status":3,"url":[""]}}`), 0, batch.Submitted, 5 * time.Second, 1},
	"not found yet":            {4 * time.Second, fakeapi.TaskLife{}, notFound, 0, batch.Submitted, 2 * time.Second, 1},
	"not found for a while":    {time.Minute, fakeapi.TaskLife{}, notFound, 30 * time.Second, batch.Submitted, 5 * time.Second, 1},
	"not found any more":       {time.Minute, fakeapi.TaskLife{}, notFound, 2 * time.Minute, batch.Failed, 0, 1},
	"an address of no use":     {time.Minute, fakeapi.TaskLife{}, fakeapi.Respond(404, "text/plain", "404 page not found"), 2 * time.Minute, batch.Submitted, 5 * time.Second, 1},
	"JSON of a proxy":          {time.Minute, fakeapi.TaskLife{}, inJSON(404, `{"message":"no Route matched"}`), 2 * time.Minute, batch.Submitted, 5 * time.Second, 1},
	"an empty 404":             {time.Minute, fakeapi.TaskLife{}, fakeapi.Respond(404, "", ""), 2 * time.Minute, batch.Submitted, 5 * time.Second, 1},
	"found again":              {time.Minute, fakeapi.TaskLife{Queued: 5}, fakeapi.Fault{}, 2 * time.Minute, batch.Submitted, 5 * time.Second, 1},
	"a rejected key":           {time.Minute, fakeapi.TaskLife{}, inJSON(401, `{"code":401,"msg":"no"}`), 0, batch.Submitted, 5 * time.Second, 1},
	"a failure":                {time.Minute, fakeapi.TaskLife{}, fakeapi.BusinessCode(9999, "no"), 0, batch.Submitted, 5 * time.Second, 1},
	"a wait that is asked for": {time.Minute, fakeapi.TaskLife{}, fakeapi.RateLimit(100), 0, batch.Submitted, 100 * time.Second, 1},
}

// A query is made when it is time for it, and what it finds decides what follows.
func TestOutcomesOfAQuery(t *testing.T) {
	t.Parallel()
	for name, tt := range queryOutcomes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, srv, set := submitted(t, Options{Logger: quiet()}, tt.age, tt.life)
			if tt.missing > 0 {
				put(t, s, "a", batch.Submitted, "missing_since = clock_timestamp() - interval '"+tt.missing.String()+"'")
			}
			srv.FailNextOn("infoByTaskId", 1, tt.fault)
			err := waitOnce(t, set, "a")
			again := snoozed(err)
			if tt.again == 0 && err != nil || tt.again > 0 && math.Abs(float64(again-tt.again)) > 0.3*float64(tt.again) {
				t.Errorf("River gets %v", err)
			}
			e := entryOf(t, s, "a")
			if e.State != tt.state || (e.State == batch.Failed) && e.Error == "" {
				t.Errorf("%+v", e)
			}
			if n := len(srv.Requests()) - 1; n != tt.queries {
				t.Errorf("%d queries", n)
			}
			if n := count(t, s, "tensorslab_job WHERE missing_since IS NOT NULL"); (n == 1) != (strings.HasPrefix(name, "not found") && tt.state == batch.Submitted) {
				t.Errorf("%d rows are missing", n)
			}
		})
	}
}

// Errors of queries use up no attempts and come less often; a success forgets them.
func TestQueriesThatFailAgainAndAgain(t *testing.T) {
	t.Parallel()
	opts := soon()
	s, srv, set := submitted(t, opts, time.Minute, fakeapi.TaskLife{})
	srv.FailNextOn("infoByTaskId", 30, fakeapi.BusinessCode(9999, "no"))
	for n := range 30 {
		wait := snoozed(waitOnce(t, set, "a"))
		if least := min(time.Second<<min(n, 6), maxFailedWait); wait < least || wait > 2*least {
			t.Errorf("failure %d: queried again after %v", n+1, wait)
		}
	}
	if e := entryOf(t, s, "a"); e.State != batch.Submitted || !strings.Contains(e.Error, "9999") {
		t.Errorf("%+v", e)
	}
	if err := waitOnce(t, set, "a"); err != nil || entryOf(t, s, "a").State != batch.Completed || entryOf(t, s, "a").Error != "" {
		t.Errorf("%v %+v", err, entryOf(t, s, "a"))
	}
}

// A process that is told to stop leaves a wait to the others at once.
func TestAWaitIsLeftToOthers(t *testing.T) {
	t.Parallel()
	s, _, set := submitted(t, soon(), time.Minute, fakeapi.TaskLife{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := (&waitWorker{set: set}).Work(ctx, &river.Job[waitArgs]{Args: waitArgs{"a"}})
	if snoozed(err) != 0 || entryOf(t, s, "a").State != batch.Submitted {
		t.Errorf("%v", err)
	}
}

// Jobs of River for rows that have gone on, or are gone, end without a query.
func TestAWaitForNothing(t *testing.T) {
	t.Parallel()
	s, srv, set := submitted(t, soon(), time.Minute, fakeapi.TaskLife{})
	before := len(srv.Requests())
	for _, state := range []batch.State{batch.Planned, batch.InDoubt, batch.Completed, batch.Saved, batch.Failed, batch.Deleted} {
		put(t, s, "a", state, "")
		if err := waitOnce(t, set, "a"); err != nil {
			t.Errorf("%v: %v", state, err)
		}
	}
	if err := waitOnce(t, set, "none"); err != nil || len(srv.Requests()) != before {
		t.Errorf("%v, %d queries", err, len(srv.Requests())-before)
	}
}
