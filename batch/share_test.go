package batch

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

func shareAt(t testing.TB, path string) *FileJournal {
	t.Helper()
	j, err := OpenSharedJournal(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = j.Close() })
	return j
}

func put(t *testing.T, j Journal, e Entry) {
	t.Helper()
	if err := j.Put(t.Context(), e); err != nil {
		t.Fatal(err)
	}
}

// While a run has the journal, others add their jobs, and no line is lost or torn.
func TestManyShareAJournalWithARun(t *testing.T) {
	t.Parallel()
	_, c := start(t)
	j := newJournal(t)
	var others sync.WaitGroup
	for i := range 4 {
		mine := shareAt(t, j.path)
		others.Go(func() {
			for n := range 50 {
				e := Entry{Key: fmt.Sprintf("other-%d-%d", i, n), State: Submitting}
				if err := mine.Put(t.Context(), e); err != nil {
					t.Error(err)
				}
				e.State, e.TaskID = Submitted, e.Key
				if err := mine.Put(t.Context(), e); err != nil {
					t.Error(err)
				}
			}
		})
	}
	o := collect(t.Context(), t, c, j, numbered(30), Options{Parallel: 4, Wait: soon})
	others.Wait()
	if o.err != nil || o.count(Completed) != 30 {
		t.Errorf("%d, %v", o.count(Completed), o.err)
	}
	put(t, j, Entry{Key: "last"}) // takes in what the others have put
	check := func(j *FileJournal) {
		t.Helper()
		if all, unfinished := list(t, j); len(all) != 231 || len(unfinished) != 230 {
			t.Errorf("%d entries, %d unfinished", len(all), len(unfinished))
		}
	}
	check(j)
	check(shareAt(t, j.path))
	check(reopen(t, j))
}

// What one process puts, the others find.
func TestASharedJournalIsCurrent(t *testing.T) {
	t.Parallel()
	path := newJournal(t).path
	a, b := shareAt(t, path), shareAt(t, path)
	put(t, a, Entry{Key: "k", State: Submitted, TaskID: "t1"})
	if e := entryOf(t, b, "k"); e.TaskID != "t1" {
		t.Errorf("%+v", e)
	}
	put(t, a, Entry{Key: "l", State: Submitted, TaskID: "t2"})
	if all, unfinished := list(t, b); len(all) != 2 || len(unfinished) != 2 {
		t.Errorf("%v, %v", all, unfinished)
	}
	put(t, b, Entry{Key: "k", State: Deleted, TaskID: "t1"})
	if e := entryOf(t, a, "k"); e.State != Deleted {
		t.Errorf("%+v", e)
	}
}

// Of two processes that submit the same job one fails before it sends anything. What
// has happened can always be recorded.
func TestTwoSubmissionsOfAJob(t *testing.T) {
	t.Parallel()
	path := newJournal(t).path
	a, b := shareAt(t, path), shareAt(t, path)
	put(t, a, Entry{Key: "k", State: Submitting})
	err := b.Put(t.Context(), Entry{Key: "k", State: Submitting})
	if !errors.Is(err, ErrJournal) || !strings.Contains(err.Error(), `another process has changed the job "k"`) {
		t.Errorf("%v", err)
	}
	put(t, b, Entry{Key: "k", State: InDoubt})
	put(t, a, Entry{Key: "k", State: Submitted, TaskID: "t"})
	if e := entryOf(t, b, "k"); e.TaskID != "t" {
		t.Errorf("%+v", e)
	}
}

func TestARunRefusesASharedJournal(t *testing.T) {
	t.Parallel()
	srv, c := start(t)
	o := collect(t.Context(), t, c, shareAt(t, newJournal(t).path), numbered(1), Options{})
	if !errors.Is(o.err, ErrLocked) || len(srv.Requests()) > 0 {
		t.Errorf("%v, %d requests", o.err, len(srv.Requests()))
	}
}

// A line that another process has torn, or that someone has written by hand meanwhile,
// is found before anything is added to it.
func TestASharedJournalThatOthersBreak(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		add, want string
		torn      bool
	}{
		"a crash":               {`{"v":1,"time":"20`, "", true},
		"an editor":             {strings.TrimSuffix(good, "\n"), "", false},
		"nonsense":              {"nonsense\n", "another process has written to it: after byte 0 line 1 is not a JSON object", false},
		"a line of version two": {`{"v":2}` + "\n", "is of version 2", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			j := shareAt(t, filepath.Join(t.TempDir(), "tasks.jsonl"))
			write(t, j.path, tt.add)
			err := j.Put(t.Context(), Entry{Key: "k", State: Submitted, TaskID: "t2"})
			if tt.want != "" {
				if !errors.Is(err, ErrJournal) || !strings.Contains(err.Error(), tt.want) {
					t.Errorf("%v", err)
				}
				if data, _ := os.ReadFile(j.path); string(data) != tt.add {
					t.Errorf("it is now %q", data)
				}
				return
			}
			if err != nil || entryOf(t, j, "k").TaskID != "t2" {
				t.Errorf("%v", err)
			}
			if data, _ := os.ReadFile(j.path + ".torn"); (string(data) == tt.add+"\n") != tt.torn {
				t.Errorf("set aside: %q", data)
			}
			_ = journalAt(t, j.path)
		})
	}
}

// A journal that is only read is not in the way of others, and the other way round.
func TestReadingWhileOthersWrite(t *testing.T) {
	t.Parallel()
	j := newJournal(t)
	put(t, j, Entry{Key: "k", State: Submitted, TaskID: "t", Model: wrapper.ModelZImage})
	r, err := ReadJournal(j.path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	put(t, shareAt(t, j.path), Entry{Key: "l"})
	if all, _ := list(t, r); len(all) != 1 {
		t.Errorf("%v", all)
	}
}
