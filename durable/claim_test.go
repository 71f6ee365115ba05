package durable

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// However many claim at the same time, no more tasks are under way than the plan allows, and each
// job is claimed once.
func TestClaimsAtTheSameTime(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	enqueue(t, s, numbered(20)...)
	var claimed, crowded atomic.Int32
	var all sync.WaitGroup
	for i := range 60 {
		all.Go(func() {
			c, err := s.claim(t.Context(), fmt.Sprintf("%03d", i%20), fmt.Sprint("attempt ", i), 3, time.Hour)
			switch {
			case err != nil:
				t.Error(err)
			case c.standing == isClaimed:
				claimed.Add(1)
			case c.standing == isCrowded:
				crowded.Add(1)
			}
		})
	}
	all.Wait()
	if claimed.Load() != 3 || crowded.Load() == 0 || count(t, s, "tensorslab_job WHERE state = 'submitting' AND submissions = 1") != 3 {
		t.Errorf("%d claimed, %d found no place", claimed.Load(), crowded.Load())
	}
}

// What an attempt finds, by the state of the row.
func TestClaimOfAnyState(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	for name, tt := range map[string]struct {
		state batch.State
		more  string
		want  standing
	}{
		"planned":   {batch.Planned, "", isClaimed},
		"leased":    {batch.Submitting, leased, isTaken},
		"abandoned": {batch.Submitting, expired, isTaken},
		"submitted": {batch.Submitted, aTask, isSettled},
		"completed": {batch.Completed, aTask, isSettled},
		"saved":     {batch.Saved, aTask, isSettled},
		"failed":    {batch.Failed, aTask, isSettled},
		"in doubt":  {batch.InDoubt, expired, isSettled},
		"refused":   {batch.Refused, "", isSettled},
		"deleted":   {batch.Deleted, aTask, isSettled},
	} {
		enqueue(t, s, name)
		put(t, s, name, tt.state, tt.more)
		c, err := s.claim(t.Context(), name, "second", 100, time.Hour)
		if c.standing != tt.want || err != nil || (c.lease > 0) != (name == "leased") {
			t.Errorf("%s: %+v %v", name, c, err)
		}
	}
	if c, err := s.claim(t.Context(), "none", "second", 100, time.Hour); c.standing != isSettled || err != nil {
		t.Errorf("a job that does not exist: %+v %v", c, err)
	}
}

// A process may look for a job while another one submits it: it waits until the other has
// certainly ended, and then lists the doubt; it never sends.
func TestASecondWorkerOfOneJob(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	srv, c := start(t)
	enqueue(t, s, "a")
	set := workersOf(t, s, c, soon())
	put(t, s, "a", batch.Submitting, leased)
	if err := submitOnce(t, set, "a"); snoozed(err) < 59*time.Minute {
		t.Errorf("%v", err)
	}
	put(t, s, "a", batch.Submitting, expired)
	if err := submitOnce(t, set, "a"); err != nil {
		t.Error(err)
	}
	if e := entryOf(t, s, "a"); e.State != batch.InDoubt || e.Error != abandoned || len(srv.Requests()) > 0 {
		t.Errorf("%+v", e)
	}
}

// lateResponses are what may happen before the first of two workers comes back.
var lateResponses = map[string]struct {
	meanwhile func(ctx context.Context, s *Store) error
	state     batch.State
	stray     bool
}{
	"while it is submitting": {func(context.Context, *Store) error { return nil }, batch.Submitted, false},
	"to a job in doubt":      {nil, batch.Submitted, false},
	"after Resubmit":         {func(ctx context.Context, s *Store) error { return s.Resubmit(ctx, "a") }, batch.Planned, true},
	"after another Resolve":  {func(ctx context.Context, s *Store) error { return s.Resolve(ctx, "a", "other") }, batch.Submitted, true},
	"after the same Resolve": {func(ctx context.Context, s *Store) error { return s.Resolve(ctx, "a", "fake_0000000000000001") }, batch.Submitted, false},
}

// The first of two workers comes back late, when the job is in doubt or a person has decided:
// its id is never lost.
func TestALateResponse(t *testing.T) {
	t.Parallel()
	for name, tt := range lateResponses {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStore(t)
			srv, c, gate := startGated(t)
			enqueue(t, s, "a")
			set := workersOf(t, s, c, soon())
			var first sync.WaitGroup
			first.Go(func() {
				if err := submitOnce(t, set, "a"); err != nil {
					t.Error(err)
				}
			})
			gate.await(t, 1)
			if name != "while it is submitting" {
				put(t, s, "a", batch.InDoubt, "")
			}
			if tt.meanwhile != nil {
				if err := tt.meanwhile(t.Context(), s); err != nil {
					t.Error(err)
				}
			}
			gate.open()
			first.Wait()
			e := entryOf(t, s, "a")
			strays, err := s.Strays(t.Context())
			if e.State != tt.state || (len(strays) == 1) != tt.stray || err != nil {
				t.Errorf("%+v, strays %v, %v", e, strays, err)
			}
			if !tt.stray && e.TaskID != srv.Tasks()[0] || tt.stray && strays[0].TaskID != srv.Tasks()[0] {
				t.Errorf("%+v, strays %v, and the task is %v", e, strays, srv.Tasks())
			}
		})
	}
}

// Two processes share the places of one plan.
func TestPlacesOfTwoProcesses(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	srv, c := start(t, fakeapi.WithMaxTasks(2))
	enqueue(t, s, numbered(30)...)
	opts := soon()
	opts.Parallel = 2
	work(t, s, c, opts)
	work(t, s, c, opts)
	until(t, s, 30, batch.Completed)
	for _, r := range srv.Requests() {
		if r.Status != 200 {
			t.Errorf("%v: the plan was full", r)
		}
	}
}

// A task that is completed and names no image yet is waited for, and holds no place.
func TestATaskWithoutAnImageHoldsNoPlace(t *testing.T) {
	t.Parallel()
	s, srv, set := submitted(t, soon(), time.Minute, fakeapi.TaskLife{})
	enqueue(t, s, "b")
	srv.FailNextOn("infoByTaskId", 1, fakeapi.Respond(200, "application/json", `{"code":1000,"msg":"OK","data":{"image_status":3,"url":[]}}`))
	for i, want := range []standing{isCrowded, isClaimed} {
		if c, err := s.claim(t.Context(), "b", "attempt", 1, time.Hour); c.standing != want || err != nil {
			t.Errorf("%d: %+v %v", i, c, err)
		}
		if err := waitOnce(t, set, "a"); (snoozed(err) > 0) != (i == 0) {
			t.Errorf("%d: %v", i, err)
		}
	}
	if e := entryOf(t, s, "a"); e.State != batch.Completed {
		t.Errorf("%+v", e)
	}
}
