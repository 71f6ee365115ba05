package durable

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/batch"
)

const sameTask = `{"code":1000,"msg":"OK","data":{"taskid":"t-same","url":""}}`

// A service, or a cache before it, that gives two submissions the same task makes one job of it and
// a doubt, however close the two are.
func TestTwoJobsNeverHaveOneTask(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	srv, c := start(t)
	srv.FailNextOn("seeDreamV45", 4, inJSON(200, sameTask))
	enqueue(t, s, numbered(4)...)
	var log syncedLog
	var told sync.Map
	opts := soon()
	opts.Logger = slog.New(slog.NewTextHandler(&log, nil))
	opts.OnChange = func(r batch.Result) { told.Store(r.Key, r.State) }
	set := workersOf(t, s, c, opts)
	var workers sync.WaitGroup
	for _, key := range numbered(4) {
		workers.Go(func() {
			if err := submitOnce(t, set, key); err != nil {
				t.Error(err)
			}
		})
	}
	workers.Wait()
	counts := until(t, s, 4, batch.Submitted, batch.InDoubt)
	if counts[batch.Submitted] != 1 || counts[batch.InDoubt] != 3 {
		t.Errorf("%v", counts)
	}
	for e, err := range s.All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if state, _ := told.Load(e.Key); state != e.State {
			t.Errorf("OnChange was told %v of %+v", state, e)
		}
		if e.State == batch.InDoubt && (!strings.Contains(e.Error, "the service named the task of the job") || e.TaskID != "") {
			t.Errorf("%+v", e)
		}
	}
	if n := strings.Count(log.String(), "nobody knows whether a job was paid"); n != 3 {
		t.Errorf("%d jobs in doubt in the log:\n%s", n, log.String())
	}
	if n := count(t, s, "river_job WHERE kind = 'tensorslab_wait'"); n != 1 {
		t.Errorf("%d jobs of River wait for the task", n)
	}
}

// The task of a job that was submitted again is not its next one.
func TestATaskOfBefore(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	srv, c := start(t)
	srv.FailNextOn("seeDreamV45", 3, inJSON(200, sameTask))
	enqueue(t, s, "a", "b")
	set := workersOf(t, s, c, soon())
	if err := submitOnce(t, set, "a"); err != nil {
		t.Fatal(err)
	}
	put(t, s, "a", batch.Failed, "")
	if err := s.Resubmit(t.Context(), "a"); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"a", "b"} {
		if err := submitOnce(t, set, key); err != nil {
			t.Error(err)
		}
		if e := entryOf(t, s, key); e.State != batch.InDoubt || e.TaskID != "" || !strings.Contains(e.Error, `of the job "a"`) {
			t.Errorf("%+v", e)
		}
	}
	if err := s.Resolve(t.Context(), "b", "t-same"); err != nil { // a person may say so
		t.Error(err)
	}
	if err := s.Resolve(t.Context(), "a", "t-same"); !errors.Is(err, ErrOtherJob) {
		t.Errorf("%v", err)
	}
}

// A try that was committed although it seemed to fail is repeated, and says the same.
func TestRecordingTwiceSaysTheSame(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	enqueue(t, s, "a", "b", "c")
	put(t, s, "c", batch.Saved, "task_id = 't-c'")
	for key, tt := range map[string]struct {
		id   string
		want creation
	}{
		"a": {"t-a", creation{row: true}},
		"b": {"t-c", creation{row: true, reason: `the service named the task of the job "c", so that this one may have another task`}},
	} {
		held, err := s.claim(t.Context(), key, "first", 9, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if made, err := s.created(t.Context(), held, tt.id); err != nil || made != tt.want {
				t.Errorf("%s: %+v, %v", key, made, err)
			}
		}
		put(t, s, key, batch.Planned, "attempt = NULL, task_id = NULL") // a person has decided
		want := creation{stray: key == "a", reason: tt.want.reason}
		for range 2 {
			if made, err := s.created(t.Context(), held, tt.id); err != nil || made.row || made.stray != want.stray {
				t.Errorf("%s, decided: %+v, %v", key, made, err)
			}
		}
	}
}

// syncedLog is a log that several goroutines write.
type syncedLog struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *syncedLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *syncedLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}
