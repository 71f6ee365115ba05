package batch

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

func TestRunSavesEachPictureOnce(t *testing.T) {
	t.Parallel()
	srv, c := start(t)
	path, dir := filepath.Join(t.TempDir(), "tasks.jsonl"), t.TempDir()
	opts := Options{Parallel: 4, Wait: soon, Save: ToDir(dir, "{key}-{n}{ext}")}
	for life := range 3 { // each with the journal of the one before
		j, err := OpenJournal(path)
		if err != nil {
			t.Fatal(err)
		}
		o := collect(t.Context(), t, c, j, numbered(30), opts)
		if o.err != nil || len(o.results) != 30 || o.count(Saved) != 30 {
			t.Fatalf("life %d: %d results, %d saved, %v", life, len(o.results), o.count(Saved), o.err)
		}
		for key, r := range o.results {
			want := filepath.Join(dir, key+"-1.png")
			if r.Err != nil || len(r.Files) != 1 || r.Files[0] != want || r.TaskID == "" || r.Prompt != "prompt "+key {
				t.Errorf("%+v", r)
			}
			data, err := os.ReadFile(want)
			if err != nil || string(data) != string(srv.Image(srv.ImageURLs(r.TaskID)[0])) {
				t.Errorf("%s: %v", want, err)
			}
		}
		if n := len(srv.Tasks()); n != 30 {
			t.Fatalf("%d tasks", n)
		}
		if err := j.Close(); err != nil {
			t.Error(err)
		}
	}
	if names, err := filepath.Glob(filepath.Join(dir, ".*")); err != nil || len(names) > 0 {
		t.Errorf("left: %q %v", names, err)
	}
}

func TestRunWithoutSaveEndsCompleted(t *testing.T) {
	t.Parallel()
	srv, c := start(t)
	j := newJournal(t)
	for range 2 {
		o := collect(t.Context(), t, c, j, numbered(5), Options{Wait: soon})
		if o.err != nil || o.count(Completed) != 5 || len(srv.Tasks()) != 5 {
			t.Fatalf("%+v", o)
		}
	}
	// What is completed is saved when somebody asks for it, jobs or no jobs.
	o := collect(t.Context(), t, c, j, Jobs(), Options{Wait: soon, Save: ToDir(t.TempDir(), "{task}-{n}{ext}")})
	if o.err != nil || o.count(Saved) != 5 || len(srv.Tasks()) != 5 {
		t.Errorf("%+v", o)
	}
}

func TestJobsWithoutKeys(t *testing.T) {
	t.Parallel()
	srv, c := start(t)
	j := newJournal(t)
	first := Jobs(job("", "a fox"), job("", "a hare"), job("", "a fox"), job("", "a fox"))
	o := collect(t.Context(), t, c, j, first, Options{Wait: soon})
	if o.err != nil || len(o.results) != 4 || len(srv.Tasks()) != 4 {
		t.Fatalf("%+v, %d tasks", o, len(srv.Tasks()))
	}
	// A job that is added in front, or an order that changes, costs nothing but itself.
	second := Jobs(job("", "a new one"), job("", "a fox"), job("", "a fox"), job("", "a hare"), job("", "a fox"))
	o = collect(t.Context(), t, c, j, second, Options{Wait: soon})
	if o.err != nil || len(o.results) != 5 || len(srv.Tasks()) != 5 {
		t.Errorf("%+v, %d tasks", o, len(srv.Tasks()))
	}
}

func TestMaxTasks(t *testing.T) {
	t.Parallel()
	srv, c := start(t)
	j := newJournal(t)
	for i, want := range []int{7, 14, 20, 20} {
		o := collect(t.Context(), t, c, j, numbered(20), Options{Parallel: 4, MaxTasks: 7, Wait: soon})
		if o.err != nil || len(srv.Tasks()) != want || o.count(Completed) != want {
			t.Fatalf("run %d: %d tasks, want %d; %v", i, len(srv.Tasks()), want, o.err)
		}
	}
}

// A refusal is no task: the credits of the stop are for those that are paid.
func TestMaxTasksCountsWhatWasPaid(t *testing.T) {
	t.Parallel()
	srv, c := start(t)
	jobs := func(yield func(Job, error) bool) {
		for i := range 10 {
			request := wrapper.GenerateRequest{Prompt: "p", Count: []int{16, 1}[i%2]}
			if !yield(Job{Key: fmt.Sprint(i), Request: request}, nil) {
				return
			}
		}
	}
	o := collect(t.Context(), t, c, newJournal(t), jobs, Options{Parallel: 4, MaxTasks: 3, Wait: soon})
	if o.err != nil || o.count(Completed) != 3 || len(srv.Tasks()) != 3 || o.count(Refused) < 3 {
		t.Errorf("%+v", o)
	}
}

func TestRunRefusesBadOptions(t *testing.T) {
	t.Parallel()
	srv, c := start(t)
	j := newJournal(t)
	tests := map[string]func(ctx context.Context) *outcome{
		"a negative number": func(ctx context.Context) *outcome {
			return collect(ctx, t, c, j, numbered(1), Options{Parallel: -1})
		},
		"too many places": func(ctx context.Context) *outcome {
			return collect(ctx, t, c, j, numbered(1), Options{Parallel: 1 << 20})
		},
		"a negative limit": func(ctx context.Context) *outcome {
			return collect(ctx, t, c, j, numbered(1), Options{MaxTasks: -1})
		},
		"a negative wait": func(ctx context.Context) *outcome {
			return collect(ctx, t, c, j, numbered(1), Options{Wait: wrapper.WaitOptions{Timeout: -1}})
		},
		"no client":  func(ctx context.Context) *outcome { return collect(ctx, t, nil, j, numbered(1), Options{}) },
		"no journal": func(ctx context.Context) *outcome { return collect(ctx, t, c, nil, numbered(1), Options{}) },
		"no jobs":    func(ctx context.Context) *outcome { return collect(ctx, t, c, j, nil, Options{}) },
		"a template": func(ctx context.Context) *outcome {
			return collect(ctx, t, c, j, numbered(1), Options{Save: ToDir(t.TempDir(), "{n}{ext}")})
		},
		"a file as directory": func(ctx context.Context) *outcome {
			return collect(ctx, t, c, j, numbered(1), Options{Save: ToDir(os.Args[0], "{key}{ext}")})
		},
	}
	for name, run := range tests {
		if o := run(t.Context()); o.err == nil || len(o.results) > 0 || strings.Contains(o.err.Error(), "\n") {
			t.Errorf("%s: %+v", name, o)
		}
	}
	if n := len(srv.Requests()); n > 0 {
		t.Errorf("%d requests", n)
	}
}

func TestErrorsOfTheSequence(t *testing.T) {
	t.Parallel()
	srv, c := start(t)
	bad := errors.New("line 3 is no prompt")
	jobs := func(yield func(Job, error) bool) {
		_ = yield(job("a", "p"), nil) && yield(job("b", "p"), nil) && yield(Job{}, bad) && yield(job("c", "p"), nil)
	}
	o := collect(t.Context(), t, c, newJournal(t), jobs, Options{Wait: soon})
	if !errors.Is(o.err, bad) || o.count(Completed) != 2 || len(srv.Tasks()) != 2 {
		t.Errorf("%+v", o)
	}
}

func TestKeysThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	srv, c := start(t)
	j := newJournal(t)
	jobs := Jobs(job("a", "one"), job("a", "two"), job("\xff", "three"), job(strings.Repeat("k", maxKey+1), "four"), job("b", "five"))
	var failures []error
	for r, err := range Run(t.Context(), c, j, jobs, Options{Wait: soon}) {
		if err != nil {
			t.Fatal(err)
		}
		if r.Err != nil {
			failures = append(failures, r.Err)
		}
	}
	if len(failures) != 3 || !errors.Is(failures[0], ErrDuplicateKey) || len(srv.Tasks()) != 2 {
		t.Errorf("%v, %d tasks", failures, len(srv.Tasks()))
	}
	// The journal of another run: the same keys and other prompts.
	o := collect(t.Context(), t, c, j, Jobs(job("a", "another"), job("b", "five"), job("c", "six")), Options{Wait: soon})
	if !errors.Is(o.results["a"].Err, ErrOtherRequest) || o.results["b"].Err != nil || o.err != nil || len(srv.Tasks()) != 3 {
		t.Errorf("%+v", o)
	}
}

func TestAFailedTask(t *testing.T) {
	t.Parallel()
	srv, c := start(t)
	srv.ScriptNext(1, fakeapi.TaskLife{Fail: "too dark"})
	j := newJournal(t)
	for range 2 {
		o := collect(t.Context(), t, c, j, numbered(2), Options{Parallel: 1, Wait: soon})
		r := o.results["000"]
		if o.err != nil || r.State != Failed || !errors.Is(r.Err, wrapper.ErrTaskFailed) || !strings.Contains(r.Err.Error(), "too dark") || len(srv.Tasks()) != 2 {
			t.Errorf("%+v", o)
		}
	}
	if err := Resubmit(t.Context(), j, "000"); err != nil {
		t.Fatal(err)
	}
	if o := collect(t.Context(), t, c, j, numbered(2), Options{Wait: soon}); o.count(Completed) != 2 || len(srv.Tasks()) != 3 {
		t.Errorf("%+v", o)
	}
}
