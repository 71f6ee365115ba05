package batch

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// sameTask is a service, or a cache before it, that gives submissions the same task.
func sameTask(id string) fakeapi.Fault {
	return fakeapi.Respond(200, "application/json", fmt.Sprintf(`{"code":1000,"msg":"ok","data":{"taskid":%q}}`, id))
}

// Two jobs never have one task: the second is in doubt, and names the first.
func TestTwoJobsNeverHaveOneTask(t *testing.T) {
	t.Parallel()
	for name, before := range map[string]*Entry{
		"of this run":              nil,
		"of a run before":          {Key: "before", State: Saved, TaskID: "fake_0000000000000001"},
		"of a job that is resumed": {Key: "before", State: Submitted, TaskID: "fake_0000000000000001"},
		"of a job of this run":     {Key: "003", State: Failed, TaskID: "fake_0000000000000001"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, c := start(t, fakeapi.WithTaskLife(fakeapi.TaskLife{}))
			j, owner := newJournal(t), "000"
			collect(t.Context(), t, c, newJournal(t), numbered(1), Options{Wait: soon}) // so that the task exists
			if before != nil {
				owner = before.Key
				if err := j.Put(t.Context(), *before); err != nil {
					t.Fatal(err)
				}
			}
			srv.FailNextOn("seeDreamV45", 2, sameTask("fake_0000000000000001"))
			o := collect(t.Context(), t, c, j, numbered(3), Options{Parallel: 1, Wait: soon, Save: ToDir(t.TempDir(), "{key}{ext}"),
				Resume: func(e Entry) bool { return false }})
			doubts := 0
			for key, r := range o.results {
				if key == owner || r.State != InDoubt {
					continue
				}
				doubts++
				if !errors.Is(r.Err, ErrInDoubt) || r.TaskID != "" || !strings.Contains(r.Err.Error(), fmt.Sprintf("the task of the job %q", owner)) {
					t.Errorf("%+v", r)
				}
			}
			want := 2
			if before == nil {
				want = 1
			}
			if o.err != nil || doubts != want || o.count(Saved) != 3-want {
				t.Errorf("%d in doubt: %+v", doubts, o)
			}
		})
	}
}

// Submissions at the same moment are no exception.
func TestTwoJobsAtOnceNeverHaveOneTask(t *testing.T) {
	t.Parallel()
	srv, c := start(t)
	collect(t.Context(), t, c, newJournal(t), numbered(1), Options{Wait: soon}) // so that the task exists
	srv.FailNextOn("seeDreamV45", 8, sameTask(srv.Tasks()[0]))
	o := collect(t.Context(), t, c, newJournal(t), numbered(8), Options{Parallel: 8, Wait: soon})
	if o.count(InDoubt) != 7 {
		t.Errorf("%+v", o)
	}
}

// unreadable is a journal whose list of jobs can't be read.
type unreadable struct{ *memoryJournal }

func (unreadable) All(context.Context) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) { yield(Entry{}, errUnreadable) }
}

var errUnreadable = errors.New("bad sector")

// Without the list of the tasks that are known nothing is paid for.
func TestAJournalThatCannotBeListed(t *testing.T) {
	t.Parallel()
	srv, c := start(t)
	o := collect(t.Context(), t, c, unreadable{new(memoryJournal)}, numbered(3), Options{Wait: soon})
	if !errors.Is(o.err, errUnreadable) || len(srv.Requests()) > 0 || o.count(Planned) != len(o.results) {
		t.Errorf("%+v, %d requests", o, len(srv.Requests()))
	}
}

// Of a task a hash is kept, however long the journal is.
func TestKnownTasksNeedLittleMemory(t *testing.T) {
	const n = 200_000
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var k knownTasks
	if err := k.read(t.Context(), endless(n)); err != nil {
		t.Fatal(err)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := float64(after.HeapAlloc) - float64(before.HeapAlloc); grown > 40*n {
		t.Errorf("%.0f bytes a task", grown/n)
	}
	if err := k.take(t.Context(), endless(n), "task-0000017", "other"); err == nil || !strings.Contains(err.Error(), `"job-0000017"`) {
		t.Errorf("%v", err)
	}
	runtime.KeepAlive(&k)
}

// endless is a journal of n jobs that are saved.
type endless int

func (n endless) All(context.Context) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		for i := range int(n) {
			if !yield(Entry{Key: keyOf(i), State: Saved, TaskID: fmt.Sprintf("task-%07d", i)}, nil) {
				return
			}
		}
	}
}
func (n endless) Unfinished(ctx context.Context) iter.Seq2[Entry, error] { return n.All(ctx) }
func (endless) Get(context.Context, string) (Entry, bool, error)         { return Entry{}, false, nil }
func (endless) Put(context.Context, Entry) error                         { return nil }
