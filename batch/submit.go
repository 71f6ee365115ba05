package batch

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

const (
	// maxNotSent is how many times in a row a job may fail to reach the service.
	maxNotSent = 5
	// maxGuesses is how many times isFullPlan is believed for a job: it may be wrong.
	maxGuesses = 40
	// maxBackoff caps the waits between attempts.
	maxBackoff = 15 * time.Second
)

// submit sends a job until there is a task, or certainly none, or nobody knows.
// The journal has the intention before anything is sent.
func (t *task) submit() {
	if err := t.run.known.read(t.run.caller, t.run.journal); err != nil {
		t.err = fmt.Errorf("batch: the job was not submitted: %w", err)
		t.run.events <- event{stop: err}
		return
	}
	unsent, guesses, pauses := 0, 0, 0
	for {
		if err := t.run.sub.Err(); err != nil {
			t.err = fmt.Errorf("batch: the job was not submitted: %w", err)
			return
		}
		if !t.change(Submitting, nil) {
			return
		}
		id, err := t.run.client.Generate(t.run.paid, t.request)
		what, id := Judge(id, err)
		if what == VerdictNoPlace && !errors.Is(err, wrapper.ErrRateLimited) {
			if guesses++; guesses > maxGuesses {
				what = VerdictRefused
			}
		}
		switch what {
		case VerdictNoPlace:
			unsent = 0
		case VerdictNotSent:
			if unsent++; unsent == maxNotSent {
				t.run.events <- event{stop: err}
			}
		default:
			t.settle(what, id, err)
			return
		}
		if !t.change(Planned, err) {
			return
		}
		t.pause(what, pauses, err)
		pauses++
	}
}

// settle records the outcome of a submission.
func (t *task) settle(what Verdict, id string, err error) {
	if what == VerdictCreated {
		if err = t.run.known.take(context.WithoutCancel(t.run.caller), t.run.journal, id, t.entry.Key); err == nil {
			t.created(id)
			return
		}
		what = VerdictInDoubt
	}
	switch what {
	case VerdictInDoubt:
		if t.change(InDoubt, err) {
			t.err = fmt.Errorf("batch: %w: %w", ErrInDoubt, err)
		}
	default:
		if t.change(Refused, err) {
			t.err = err
		}
		if what == VerdictStop {
			t.run.events <- event{stop: err}
		}
	}
}

// created records the id of a task.
func (t *task) created(id string) {
	t.entry.TaskID = id
	if t.change(Submitted, nil) {
		t.run.known.recorded(id)
		return
	}
	t.entry.State = Submitted // for the result, which is now the only record
	t.err = fmt.Errorf("batch: task %.200q %w: %w", id, ErrUnrecorded, t.err)
}

// pause waits before the next attempt, longer each time, or as long as the service
// asked for. Of the jobs that wait for a place of the service one at a time has the
// turn, and it tries as soon as a place of the run becomes free.
func (t *task) pause(what Verdict, before int, err error) {
	wait := min(time.Second<<min(before, 10), maxBackoff)
	wait += rand.N(wait/4 + 1) //nolint:gosec // nobody gains by guessing it
	var refused *wrapper.APIError
	asked := errors.As(err, &refused) && refused.RetryAfter > 0
	if asked {
		wait = max(wait, refused.RetryAfter)
	}
	t.run.waiting.Add(1)
	defer t.run.waiting.Add(-1)
	freed := t.run.freed
	if asked || what == VerdictNotSent {
		freed = nil
	} else {
		select {
		case t.run.turn <- struct{}{}:
			defer func() { <-t.run.turn }()
		case <-t.run.sub.Done():
			return
		}
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-freed:
	case <-t.run.sub.Done():
	}
}
