package durable

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// put makes a row what a test needs.
func put(t *testing.T, s *Store, key string, state batch.State, more string) {
	t.Helper()
	if more != "" {
		more = ", " + more
	}
	if _, err := s.pool.Exec(t.Context(), "UPDATE tensorslab_job SET state = $2"+more+" WHERE key = $1", key, state.String()); err != nil {
		t.Fatal(err)
	}
}

const (
	leased  = "attempt = 'first', lease_until = now() + interval '1 hour'"
	expired = "attempt = 'first', lease_until = now() - interval '1 hour'"
	aTask   = "task_id = 't1', submitted_at = now()"
)

// allStates are rows in all states that decisions are made about.
var allStates = []struct {
	state batch.State
	more  string
}{
	{batch.Planned, ""}, {batch.Submitting, leased}, {batch.Submitting, expired}, {batch.Submitted, aTask}, {batch.Completed, aTask},
	{batch.Saved, aTask}, {batch.Failed, aTask}, {batch.InDoubt, expired}, {batch.Refused, ""}, {batch.Deleted, aTask},
}

// Each decision is taken in some states and refused in all others, whichever way it is made.
func TestDecisions(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	for name, tt := range map[string]struct {
		decide  func(ctx context.Context, key string) error
		allowed []int // of allStates
		then    batch.State
		kind    string // of the job of River that follows
	}{
		"Resolve":        {func(ctx context.Context, key string) error { return s.Resolve(ctx, key, "found"+key) }, []int{2, 6, 7}, batch.Submitted, "tensorslab_wait"},
		"batch.Resolve":  {func(ctx context.Context, key string) error { return batch.Resolve(ctx, s, key, "found"+key) }, []int{2, 6, 7}, batch.Submitted, "tensorslab_wait"},
		"Resubmit":       {s.Resubmit, []int{2, 6, 7, 8}, batch.Planned, "tensorslab_submit"},
		"batch.Resubmit": {func(ctx context.Context, key string) error { return batch.Resubmit(ctx, s, key) }, []int{2, 6, 7}, batch.Planned, "tensorslab_submit"},
		"Cancel":         {s.Cancel, []int{0}, batch.Refused, ""},
	} {
		for i, from := range allStates {
			key := name + from.state.String() + from.more
			enqueue(t, s, key)
			put(t, s, key, from.state, from.more)
			before := entryOf(t, s, key)
			err := tt.decide(t.Context(), key)
			e := entryOf(t, s, key)
			if !slices.Contains(tt.allowed, i) {
				if !errors.Is(err, batch.ErrNoDecision) || e.State != before.State || e.TaskID != before.TaskID {
					t.Errorf("%s: %v, %+v", key, err, e)
				}
				continue
			}
			if err != nil || e.State != tt.then || (e.TaskID == "found"+key) != (tt.then == batch.Submitted) {
				t.Errorf("%s: %v, %+v", key, err, e)
			}
			if n := count(t, s, "river_job r JOIN tensorslab_job j ON r.id = j.river_job WHERE j.key = $1 AND r.kind = $2", key, tt.kind); n != 1 && tt.kind != "" {
				t.Errorf("%s: %d jobs of River", key, n)
			}
		}
	}
}

func TestDecisionsAboutNothing(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	enqueue(t, s, "a", "b")
	put(t, s, "a", batch.InDoubt, "")
	put(t, s, "b", batch.Saved, aTask)
	for name, tt := range map[string]struct{ err, want error }{
		"no such job":        {s.Resolve(t.Context(), "x", "t2"), ErrNoJob},
		"none to resubmit":   {s.Resubmit(t.Context(), "x"), ErrNoJob},
		"no task id":         {s.Resolve(t.Context(), "a", ""), batch.ErrInvalidEntry},
		"a zero byte":        {s.Resolve(t.Context(), "a", "t\x00"), batch.ErrInvalidEntry},
		"the task of others": {s.Resolve(t.Context(), "a", "t1"), ErrOtherJob},
		"a batch":            {s.Put(t.Context(), batch.Entry{Key: "a", State: batch.Submitting}), batch.ErrInvalidEntry},
		"a state of workers": {s.Put(t.Context(), batch.Entry{Key: "a", State: batch.Saved, TaskID: "t"}), batch.ErrInvalidEntry},
		"another's deletion": {s.Put(t.Context(), batch.Entry{Key: "b", State: batch.Deleted, TaskID: "t"}), batch.ErrNoDecision},
	} {
		if !errors.Is(tt.err, tt.want) {
			t.Errorf("%s: %v", name, tt.err)
		}
	}
	if e := entryOf(t, s, "a"); e.State != batch.InDoubt {
		t.Errorf("%+v", e)
	}
	if err := s.Put(t.Context(), batch.Entry{Key: "b", State: batch.Deleted, TaskID: "t1"}); err != nil || entryOf(t, s, "b").State != batch.Deleted {
		t.Errorf("%v", err)
	}
}

// The id of a task that has failed is not lost when its job is submitted again.
func TestResubmitKeepsTheOldTask(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	enqueue(t, s, "a")
	put(t, s, "a", batch.Failed, aTask)
	if err := s.Resubmit(t.Context(), "a"); err != nil {
		t.Fatal(err)
	}
	strays, err := s.Strays(t.Context())
	if len(strays) != 1 || strays[0] != (Stray{"t1", "a"}) || err != nil {
		t.Errorf("%v, %v", strays, err)
	}
}

// A task whose end is recorded while its job is submitted again is not lost either.
func TestResubmitKeepsTheTaskThatOthersRecord(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	enqueue(t, s, "a")
	put(t, s, "a", batch.Submitted, aTask)
	tx, err := s.pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback(context.WithoutCancel(t.Context()))
	if _, err := tx.Exec(t.Context(), "UPDATE tensorslab_job SET state = 'failed'"); err != nil {
		t.Fatal(err)
	}
	decided := make(chan error, 1)
	go func() { decided <- s.Resubmit(t.Context(), "a") }()
	for deadline := time.Now().Add(patience); count(t, s, "pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") == 0; {
		if time.Now().After(deadline) {
			t.Fatal("Resubmit does not wait")
		}
		time.Sleep(time.Millisecond)
	}
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-decided; err != nil || entryOf(t, s, "a").State != batch.Planned {
		t.Errorf("%v, %+v", err, entryOf(t, s, "a"))
	}
	if n := count(t, s, "tensorslab_stray WHERE task_id = 't1' AND key = 'a'"); n != 1 {
		t.Errorf("the task is %d strays", n)
	}
}

// A job whose task was unknown for a while, such as under another key, is waited for again at no
// cost, and so is one whose task was mistyped.
func TestAFailedJobIsWaitedForAgain(t *testing.T) {
	t.Parallel()
	s, _, set := submitted(t, soon(), time.Minute, fakeapi.TaskLife{})
	id := entryOf(t, s, "a").TaskID
	for name, resolve := range map[string]func(ctx context.Context, key, id string) error{
		"Resolve":       s.Resolve,
		"batch.Resolve": func(ctx context.Context, key, id string) error { return batch.Resolve(ctx, s, key, id) },
	} {
		put(t, s, "a", batch.Failed, "error = 'the service does not know the task any more'")
		if err := resolve(t.Context(), "a", id+"x"); err != nil || entryOf(t, s, "a").TaskID != id+"x" {
			t.Errorf("%s, another task: %v", name, err)
		}
		if n := count(t, s, "tensorslab_stray WHERE task_id = '"+id+"' AND key = 'a'"); n != 1 {
			t.Errorf("%s: the former task is %d strays", name, n)
		}
		put(t, s, "a", batch.Failed, "error = 'the service does not know the task'")
		if err := resolve(t.Context(), "a", id); err != nil || entryOf(t, s, "a").State != batch.Submitted {
			t.Errorf("%s: %v, %+v", name, err, entryOf(t, s, "a"))
		}
		if n := count(t, s, "tensorslab_job WHERE submitted_at < clock_timestamp() - interval '30 seconds'"); n != 1 {
			t.Errorf("%s: the age of the task was lost", name)
		}
	}
	if err := waitOnce(t, set, "a"); err != nil || entryOf(t, s, "a").State != batch.Completed {
		t.Errorf("%v, %+v", err, entryOf(t, s, "a"))
	}
}

// A batch can't use the store, and sends nothing.
func TestABatchIsRefused(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	srv, c := start(t)
	var last error
	for r, err := range batch.Run(t.Context(), c, s, batch.Jobs(job("a", "a fox")), batch.Options{}) {
		last = errors.Join(last, err, r.Err)
	}
	if !errors.Is(last, batch.ErrInvalidEntry) || len(srv.Requests()) > 0 {
		t.Errorf("%v", last)
	}
}

func TestListsOfJobs(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	enqueue(t, s, numbered(page+10)...)
	put(t, s, "003", batch.InDoubt, "error = 'lost'")
	put(t, s, "005", batch.Submitted, aTask)
	put(t, s, "006", batch.Completed, aTask)
	var all, unfinished, doubts []string
	for keys, seq := range map[*[]string]func(func(batch.Entry, error) bool){&all: s.All(t.Context()), &unfinished: s.Unfinished(t.Context()), &doubts: s.InDoubt(t.Context())} {
		for e, err := range seq {
			if err != nil {
				t.Fatal(err)
			}
			*keys = append(*keys, e.Key)
		}
	}
	if !slices.Equal(all, numbered(page+10)) || !slices.Equal(unfinished, []string{"005", "006"}) || !slices.Equal(doubts, []string{"003"}) {
		t.Errorf("%d, %v, %v", len(all), unfinished, doubts)
	}
	counts, err := s.Counts(t.Context())
	if counts[batch.Planned] != page+7 || counts[batch.InDoubt] != 1 || counts[batch.Saved] != 0 || err != nil {
		t.Errorf("%v %v", counts, err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for _, err := range s.All(ended) {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%v", err)
		}
	}
}
