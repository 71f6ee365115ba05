package mcp

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// cancelled calls generate, and cancels the call once the service has the request.
func (r *rig) cancelled(h *held, arguments args) {
	r.Helper()
	ctx, cancel := context.WithCancel(r.Context())
	failed := make(chan error, 1)
	go func() {
		_, _, err := tryCall[generateOut](r, ctx, "generate", arguments)
		failed <- err
	}()
	eventually(r.T, "the submission", func() bool { return h.requests.Load() == 1 })
	cancel()
	if err := <-failed; !errors.Is(err, context.Canceled) {
		r.Fatalf("the call was not cancelled: %v", err)
	}
	eventually(r.T, "the news of it", func() bool {
		r.server.attempts.mu.Lock()
		defer r.server.attempts.mu.Unlock()
		return r.server.attempts.all[0].call.Err() != nil
	})
}

// A call that is cancelled while its request is under way is recorded with its outcome, and
// an equal call gets that outcome in place of a second task. Another one is a new request.
func TestCancelledGeneration(t *testing.T) {
	t.Parallel()
	for outcome, tt := range map[string]struct {
		status int
		body   string
		state  batch.State
	}{
		outcomeCreated: {200, `{"code":1000,"msg":"ok","data":{"taskid":"task-1"}}`, batch.Submitted},
		outcomeUnknown: {502, "", batch.InDoubt},
	} {
		t.Run(outcome, func(t *testing.T) {
			t.Parallel()
			h := hold(t, tt.status, tt.body)
			r := start(t, h.URL, nil)
			fox := args{"prompt": "a fox", "count": 2}
			r.cancelled(h, fox)
			close(h.release)
			again, result := call[generateOut](r, "generate", fox)
			if again.Outcome != outcome || !again.Earlier || result.IsError != (outcome != outcomeCreated) || h.requests.Load() != 1 {
				t.Errorf("%+v after %d submissions", again, h.requests.Load())
			}
			if e := r.entries(); len(e) != 1 || e[0].State != tt.state || e[0].Key != again.Key || e[0].TaskID != again.TaskID {
				t.Errorf("journal %+v", e)
			}
			if again.TasksLeft != 19 || again.ImagesLeft != 38 {
				t.Errorf("left: %+v", again)
			}
			// Now the agent knows, and may want another picture of the same; unless the first one
			// may have been paid for in vain.
			want := map[string]int32{outcomeCreated: 2, outcomeUnknown: 1}[outcome]
			if got, _ := call[generateOut](r, "generate", fox); got.Earlier != (want == 1) || got.TaskID == again.TaskID && want == 2 || h.requests.Load() != want {
				t.Errorf("%+v after %d submissions", got, h.requests.Load())
			}
		})
	}
}

// Another call does not wait for the cancelled one, nor does it get its outcome.
func TestAnotherCallAfterACancelledOne(t *testing.T) {
	t.Parallel()
	h := hold(t, 200, `{"code":1000,"msg":"ok","data":{"taskid":"task-1"}}`)
	r := start(t, h.URL, nil)
	r.cancelled(h, args{"prompt": "a fox"})
	if got, _ := call[generateOut](r, "generate", args{"prompt": "a fox", "count": 2}); got.TaskID != "task-2" || got.Earlier {
		t.Errorf("%+v", got)
	}
	close(h.release)
	eventually(t, "the first call", func() bool {
		e := r.entries()
		return len(e) == 2 && e[0].State == batch.Submitted && e[1].State == batch.Submitted
	})
}

// A cancelled call that had no effect is not in the way of the next one.
func TestCancelledGenerationThatWasRefused(t *testing.T) {
	t.Parallel()
	h := hold(t, 200, `{"code":9999,"msg":"no"}`)
	r := start(t, h.URL, nil)
	r.cancelled(h, args{"prompt": "a fox"})
	close(h.release)
	if got, _ := call[generateOut](r, "generate", args{"prompt": "a fox"}); got.TaskID != "task-2" || got.Earlier || got.TasksLeft != 19 {
		t.Errorf("%+v", got)
	}
}

// The repetition may be cancelled too, and the next one still pays nothing.
func TestRepetitionIsCancelled(t *testing.T) {
	t.Parallel()
	h := hold(t, 200, `{"code":1000,"msg":"ok","data":{"taskid":"task-1"}}`)
	r := start(t, h.URL, nil)
	fox := args{"prompt": "a fox"}
	r.cancelled(h, fox)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, _, err := tryCall[generateOut](r, ctx, "generate", fox); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the repetition: %v", err)
	}
	eventually(t, "the end of the repetition", func() bool { return len(r.server.slots) == 1 })
	close(h.release)
	if got, _ := call[generateOut](r, "generate", fox); got.TaskID != "task-1" || !got.Earlier || h.requests.Load() != 1 {
		t.Errorf("%+v after %d submissions", got, h.requests.Load())
	}
}

// Equal calls at the same time are all carried out: each was wanted, and none cancelled.
func TestEqualCallsAtOnce(t *testing.T) {
	t.Parallel()
	fake := fakeapi.Start(t)
	r := with(t, fake)
	var all sync.WaitGroup
	for range 5 {
		all.Go(func() {
			got, _, err := tryCall[generateOut](r, t.Context(), "generate", args{"prompt": "a fox"})
			if err != nil || got.Outcome != outcomeCreated || got.Earlier {
				t.Errorf("%+v, %v", got, err)
			}
		})
	}
	all.Wait()
	if len(fake.Tasks()) != 5 {
		t.Errorf("%d tasks", len(fake.Tasks()))
	}
}

// A call that is cancelled before its request has a connection sends nothing.
func TestCancelledBeforeTheSubmission(t *testing.T) {
	t.Parallel()
	fake := fakeapi.Start(t)
	s, _ := serverFor(t, fake.URL, nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	got := s.generateOnce(ctx, "", generateIn{Prompt: "a fox"})
	if got.Outcome != outcomeNotSent || submissions(fake) != 0 || s.budget.left().tasks != defaultMaxTasks || len(s.attempts.all) != 0 {
		t.Errorf("%+v, %d submissions, %+v left", got, submissions(fake), s.budget.left())
	}
}

// A wait that is cancelled ends at once.
func TestCancelledWait(t *testing.T) {
	t.Parallel()
	fake := fakeapi.Start(t, fakeapi.WithTaskLife(fakeapi.TaskLife{Processing: 1 << 30}))
	r := with(t, fake)
	created, _ := call[generateOut](r, "generate", args{"prompt": "a fox"})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, _, err := tryCall[waitOut](r, ctx, "wait", args{"task_id": created.TaskID, "timeout_seconds": 600}); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	eventually(t, "the end of the wait", func() bool { return len(r.server.slots) == 0 })
}
