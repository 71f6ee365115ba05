package fakeapi

import (
	"testing"
	"time"
)

// A life that is measured follows the clock, however often the task is queried.
func TestTimedLife(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	all := newTasks(nil)
	all.now = func() time.Time { return now }
	counted := all.generate(work{life: TaskLife{Queued: 1}})
	id := all.generate(work{life: TaskLife{Lasts: 40 * time.Second, Queued: 9, Processing: 9}})
	failing := all.generate(work{life: TaskLife{Lasts: 20 * time.Second, Fail: "no"}})
	for _, step := range []struct {
		after           time.Duration
		status, failing taskStatus
		underWay        int
	}{
		{0, taskQueued, taskQueued, 3},
		{9 * time.Second, taskQueued, taskProcessing, 3},
		{time.Second, taskProcessing, taskProcessing, 3},
		{10 * time.Second, taskProcessing, taskFailed, 2},
		{19 * time.Second, taskProcessing, taskFailed, 2},
		{time.Second, taskCompleted, taskFailed, 1},
		{time.Hour, taskCompleted, taskFailed, 1},
	} {
		now = now.Add(step.after)
		if n := all.underWay(); n != step.underWay {
			t.Errorf("after %v: %d tasks are under way, want %d", step.after, n, step.underWay)
		}
		for range 3 {
			got, _ := all.query(id)
			failed, _ := all.query(failing)
			if got.status() != step.status || failed.status() != step.failing {
				t.Errorf("after %v: status %d and %d, want %d and %d", step.after, got.status(), failed.status(), step.status, step.failing)
			}
		}
	}
	all.query(counted)
	all.query(counted)
	if n := all.underWay(); n != 0 {
		t.Errorf("%d tasks are under way at the end", n)
	}
}

// A task that is deleted while it is under way gives its place back once.
func TestTimedLifeOfDeletedTask(t *testing.T) {
	t.Parallel()
	now := time.Now()
	all := newTasks(nil)
	all.now = func() time.Time { return now }
	first, second := all.generate(work{life: TaskLife{Lasts: time.Minute}}), all.generate(work{life: TaskLife{Lasts: time.Minute}})
	all.remove([]string{first, first})
	if n := all.underWay(); n != 1 {
		t.Errorf("%d tasks are under way, want 1", n)
	}
	now = now.Add(time.Minute)
	all.remove([]string{second})
	if n := all.underWay(); n != 0 || all.made != 2 {
		t.Errorf("%d tasks are under way of %d", n, all.made)
	}
}

// The clock of a server is the system's.
func TestTimedLifeOfServer(t *testing.T) {
	t.Parallel()
	for lasts, want := range map[time.Duration]taskStatus{time.Hour: taskQueued, time.Nanosecond: taskCompleted} {
		srv := Start(t, WithTaskLife(TaskLife{Lasts: lasts}), WithMaxTasks(1))
		srv.mu.Lock()
		id := srv.tasks.generate(work{life: srv.life})
		time.Sleep(time.Millisecond)
		got, _ := srv.tasks.query(id)
		full := srv.isFull()
		srv.mu.Unlock()
		if got.status() != want || full != (want == taskQueued) {
			t.Errorf("%v: status %d, full %t", lasts, got.status(), full)
		}
	}
}

func TestTimedLifeOption(t *testing.T) {
	t.Parallel()
	srv, err := NewServer(WithTaskLife(TaskLife{Lasts: -1}))
	if err == nil {
		srv.Close()
		t.Error("a negative duration is accepted")
	}
}
