package batch

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// Changes of many processes at once are made one after the other.
func TestChangesAreMadeOneByOne(t *testing.T) {
	t.Parallel()
	path := newJournal(t).path
	var all sync.WaitGroup
	for range 4 {
		j := shareAt(t, path)
		for range 2 {
			all.Go(func() {
				for range 20 {
					if _, err := j.Change(t.Context(), "k", func(now Entry, _ bool) (Entry, bool) {
						return Entry{Key: "k", Prompt: now.Prompt + "x"}, true
					}); err != nil {
						t.Error(err)
					}
				}
			})
		}
	}
	all.Wait()
	if e := entryOf(t, shareAt(t, path), "k"); len(e.Prompt) != 160 {
		t.Errorf("%d changes", len(e.Prompt))
	}
}

// What another program has made of a job stays, but for what must not be lost.
func TestReplace(t *testing.T) {
	t.Parallel()
	submitting := Entry{Key: "k", State: Submitting}
	submitted := Entry{Key: "k", State: Submitted, TaskID: "mine"}
	for name, tt := range map[string]struct {
		was, others Entry
		next, want  Entry
	}{
		"a lost response of a job that was resolved":  {submitting, Entry{Key: "k", State: Submitted, TaskID: "found"}, Entry{Key: "k", State: InDoubt}, Entry{State: Submitted, TaskID: "found"}},
		"a refusal of a job that was resolved":        {submitting, Entry{Key: "k", State: Submitted, TaskID: "found"}, Entry{Key: "k", State: Refused}, Entry{State: Submitted, TaskID: "found"}},
		"the task of a job that is to be sent again":  {submitting, Entry{Key: "k"}, submitted, Entry{State: Submitted, TaskID: "mine"}},
		"a submission of a job that another one sent": {Entry{}, submitting, Entry{Key: "k", State: Submitting, Error: "second"}, Entry{State: Submitting}},
		"the end of a task that was deleted":          {submitted, Entry{Key: "k", State: Deleted, TaskID: "mine"}, Entry{Key: "k", State: Completed, TaskID: "mine"}, Entry{State: Deleted, TaskID: "mine"}},
		"the images of a task that was deleted": {submitted, Entry{Key: "k", State: Deleted, TaskID: "mine"}, Entry{Key: "k", State: Saved, TaskID: "mine", Files: []string{"a.png"}},
			Entry{State: Deleted, TaskID: "mine", Files: []string{"a.png"}}},
		"the end of a task": {submitted, Entry{}, Entry{Key: "k", State: Completed, TaskID: "mine"}, Entry{State: Completed, TaskID: "mine"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := shareAt(t, newJournal(t).path)
			b := shareAt(t, a.path)
			was := tt.was
			if was.Key != "" {
				put(t, a, was)
				was = entryOf(t, a, "k")
			}
			if tt.others.Key != "" {
				put(t, b, tt.others)
			}
			got, _, err := a.Replace(t.Context(), was, tt.next)
			if now := entryOf(t, b, "k"); err != nil || got.State != tt.want.State || got.TaskID != tt.want.TaskID || strings.Join(got.Files, " ") != strings.Join(tt.want.Files, " ") ||
				now.State != got.State || now.TaskID != got.TaskID || got.Error != "" {
				t.Errorf("%+v, the journal has %+v, %v", got, now, err)
			}
		})
	}
}

// Of a person who finds the task and one who allows another submission at once, one is refused.
func TestTwoDecisionsAtOnce(t *testing.T) {
	t.Parallel()
	for range 20 {
		a := shareAt(t, newJournal(t).path)
		b := shareAt(t, a.path)
		put(t, a, Entry{Key: "k", State: InDoubt})
		var both sync.WaitGroup
		var resolved, resubmitted error
		both.Go(func() { resolved = Resolve(t.Context(), a, "k", "found") })
		both.Go(func() { resubmitted = Resubmit(t.Context(), b, "k") })
		both.Wait()
		e := entryOf(t, a, "k")
		refused := func(err error) bool { return errors.Is(err, ErrNoDecision) || errors.Is(err, ErrLocked) }
		if refused(resolved) == refused(resubmitted) || (resolved == nil) != (e.TaskID == "found") {
			t.Fatalf("%v, %v, %+v", resolved, resubmitted, e)
		}
	}
}

// decideBy calls change with a journal of another process.
func decideBy(t *testing.T, path string, change func(*FileJournal) error) {
	t.Helper()
	j, err := OpenSharedJournal(path)
	if err == nil {
		err = errors.Join(change(j), j.Close())
	}
	if err != nil {
		t.Error(err)
	}
}

// A run goes by what the journal knows when it comes to a job, not by what it was at the beginning.
func TestDecisionsDuringARun(t *testing.T) {
	t.Parallel()
	const id = "fake_0000000000000001"
	named := func(j *FileJournal) error {
		return j.Put(context.Background(), Entry{Key: "000", State: Submitted, TaskID: id})
	}
	for name, tt := range map[string]struct {
		before  Entry
		decide  func(*FileJournal) error
		state   State
		task    string
		waiting bool // the job is sent, and its response lost, after the decision
	}{
		"named before the run comes to it":    {before: Entry{Key: "000", State: Submitting}, decide: named, state: Saved, task: id},
		"named while its response is missing": {decide: named, state: Saved, task: id, waiting: true},
		"deleted before the run comes to it": {before: Entry{Key: "000", State: Completed, TaskID: id}, state: Deleted, task: id,
			decide: func(j *FileJournal) error {
				return j.Put(context.Background(), Entry{Key: "000", State: Deleted, TaskID: id})
			}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, c := start(t, fakeapi.WithTaskLife(fakeapi.TaskLife{}))
			collect(t.Context(), t, c, newJournal(t), numbered(1), Options{Wait: soon}) // so that the task exists
			j := newJournal(t)
			jobs := numbered(0)
			if tt.before.Key != "" {
				put(t, j, tt.before)
				decideBy(t, j.path, tt.decide)
			}
			if tt.waiting {
				jobs = numbered(1)
				srv.FailNextOn("seeDreamV45", 1, fakeapi.DropAnswer().AfterActing())
				c = deciding(t, srv, func() { decideBy(t, j.path, tt.decide) })
			}
			paid := len(srv.Requests())
			o := collect(t.Context(), t, c, j, jobs, Options{Wait: soon, Save: ToDir(t.TempDir(), "{key}{ext}")})
			e := entryOf(t, reopen(t, j), "000")
			if o.err != nil || e.State != tt.state || e.TaskID != tt.task {
				t.Errorf("%+v, %+v, %d requests", e, o, len(srv.Requests())-paid)
			}
		})
	}
}

// deciding returns a client that calls decide before its first generation is sent.
func deciding(t *testing.T, srv *fakeapi.Server, decide func()) *wrapper.Client {
	t.Helper()
	var once sync.Once
	c, err := wrapper.NewClient(testKey, wrapper.WithBaseURL(srv.URL), wrapper.WithRequestEditor(func(_ context.Context, r *http.Request) error {
		if r.Method == http.MethodPost {
			once.Do(decide)
		}
		return nil
	}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.CloseIdleConnections)
	return c
}

// One journal has one owner, also by the name of a link to a file that does not exist yet.
func TestALinkToNoFileYet(t *testing.T) {
	t.Parallel()
	for name, target := range map[string]string{"absolute": filepath.Join(t.TempDir(), "real"), "relative": "real"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			link := filepath.Join(t.TempDir(), "link")
			if err := os.Symlink(target, link); err != nil {
				t.Skip(err)
			}
			journalAt(t, link)
			if _, err := OpenJournal(link); !errors.Is(err, ErrLocked) {
				t.Errorf("%v", err)
			}
		})
	}
}

// Two runs that own one file by its two names, or after its lock was removed, do not send a job twice.
func TestTwoOwnersPayOnce(t *testing.T) {
	t.Parallel()
	srv, c := start(t)
	a := newJournal(t)
	second := filepath.Join(filepath.Dir(a.path), "second")
	if err := os.Link(a.path, second); err != nil {
		t.Skip(err)
	}
	b := journalAt(t, second)
	var both sync.WaitGroup
	for _, j := range []*FileJournal{a, b} {
		both.Go(func() { collect(t.Context(), t, c, j, numbered(30), Options{Parallel: 2, Wait: soon}) })
	}
	both.Wait()
	if n := len(srv.Tasks()); n != 30 {
		t.Errorf("%d tasks of 30 jobs", n)
	}
}

// A context that ends while the journal is read is not an error of the journal.
func TestCancelledWhileTheJournalIsRead(t *testing.T) {
	t.Parallel()
	_, c := start(t)
	j := newJournal(t)
	put(t, j, Entry{Key: "one", State: Submitted, TaskID: "t1"})
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(io.ErrNoProgress)
	o := collect(ctx, t, c, j, numbered(1), Options{Wait: soon})
	if errors.Is(o.err, ErrJournal) || !errors.Is(o.err, io.ErrNoProgress) || !errors.Is(o.err, context.Canceled) {
		t.Errorf("%v", o.err)
	}
}

// The service of a last line that only lacks its line break counts as well.
func TestAnUnendedLineOfAnotherService(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "j")
	write(t, path, strings.Replace(strings.TrimSpace(good), "}", `,"service":"http://127.0.0.1:1"}`, 1))
	for name, open := range map[string]func(string) (*FileJournal, error){"read": ReadJournal, "owned": OpenJournal} {
		j, err := open(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := j.ForService("https://api.tensorslab.com"); !errors.Is(err, ErrOtherService) {
			t.Errorf("%s: %v", name, err)
		}
		_ = j.Close()
	}
}

// Who only looks whether a run has the journal keeps none from opening it.
func TestLookingKeepsNoRunOut(t *testing.T) {
	t.Parallel()
	path := newJournal(t).path + "2"
	shared := shareAt(t, path)
	stop := make(chan struct{})
	var looking sync.WaitGroup
	looking.Go(func() {
		for {
			select {
			case <-stop:
				return
			case <-time.After(time.Millisecond):
				shared.InUse()
			}
		}
	})
	for range 50 {
		j, err := OpenJournal(path)
		if err != nil {
			t.Error(err)
			break
		}
		if !shared.InUse() {
			t.Error("a journal that is open is not in use")
		}
		if err := j.Close(); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	looking.Wait()
}
