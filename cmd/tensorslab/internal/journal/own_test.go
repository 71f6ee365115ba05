package journal

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// The state is what the outcome of the submission says, and a task that is named is known.
func TestOwn(t *testing.T) {
	t.Parallel()
	j, err := batch.OpenSharedJournal(filepath.Join(t.TempDir(), "j"))
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	secret := new(cli.Secret)
	secret.Set("my-secret-key")
	for name, tt := range map[string]struct {
		id   string
		err  error
		want batch.State
		task string
	}{
		"created":  {"task-1", nil, batch.Submitted, "task-1"},
		"refused":  {"", errors.New("no"), batch.Refused, ""},
		"not sent": {"", wrapper.ErrNotSent, batch.Planned, ""},
		"unknown":  {"", errors.Join(wrapper.ErrOutcomeUnknown, errors.New("my-secret-key")), batch.InDoubt, ""},
		"the key":  {"my-secret-key", nil, batch.InDoubt, ""},
		"with key": {"t-my-secret-key-1", nil, batch.InDoubt, ""},
		"key, too": {"", &wrapper.APIError{TaskID: "my-secret-key"}, batch.InDoubt, ""},
		"named":    {"", &wrapper.APIError{TaskID: "task-2"}, batch.Submitted, "task-2"},
	} {
		o := NewOwn(j, secret, wrapper.GenerateRequest{Model: "m", Prompt: "a fox by my-secret-key"})
		if err := o.Begin(); err != nil {
			t.Fatal(err)
		}
		if e, _, _ := j.Get(t.Context(), o.Key()); e.State != batch.Submitting || e.Prompt != "a fox by [redacted]" || e.Model != "m" {
			t.Errorf("%s: first %+v", name, e)
		}
		if got := o.Submitted(tt.id, tt.err); got.Record != nil || tt.want == batch.InDoubt && (got.TaskID != "" || !errors.Is(got.Err, wrapper.ErrOutcomeUnknown)) {
			t.Errorf("%s: %+v", name, got)
		}
		e, ok, err := j.Get(t.Context(), o.Key())
		if !ok || err != nil || e.State != tt.want || e.TaskID != tt.task || strings.Contains(e.Error, "secret") || (e.Error == "") != (tt.task != "") {
			t.Errorf("%s: %+v, %v", name, e, err)
		}
	}
}

func TestOwnEnds(t *testing.T) {
	t.Parallel()
	j, err := batch.OpenSharedJournal(filepath.Join(t.TempDir(), "j"))
	if err != nil {
		t.Fatal(err)
	}
	o := NewOwn(j, nil, wrapper.GenerateRequest{})
	if err := errors.Join(o.Begin(), o.Submitted("task-1", nil).Record, o.Ended(batch.Saved, nil, "a.png")); err != nil {
		t.Error(err)
	}
	if e, _, _ := j.Get(t.Context(), o.Key()); e.State != batch.Saved || e.TaskID != "task-1" || len(e.Files) != 1 || !IsSingle(e.Key) {
		t.Errorf("%+v", e)
	}
	j.Close()
	for _, err := range []error{o.Begin(), o.Submitted("task-1", nil).Record, o.Ended(batch.Saved, nil)} {
		if !errors.Is(err, batch.ErrJournal) {
			t.Errorf("a journal that is closed: %v", err)
		}
	}
	none := NewOwn(nil, nil, wrapper.GenerateRequest{})
	if err := errors.Join(none.Begin(), none.Submitted("", nil).Record, none.Ended(batch.Saved, nil)); err != nil || none.Key() != "" {
		t.Errorf("without a journal: %v, key %q", err, none.Key())
	}
}

// A task that another entry has is not that of this one, also if an error names it. One that
// this entry has already, since a person has found it meanwhile, is.
func TestOwnSubmittedWithAnotherTask(t *testing.T) {
	t.Parallel()
	j, err := batch.OpenSharedJournal(filepath.Join(t.TempDir(), "j"))
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	first := NewOwn(j, nil, wrapper.GenerateRequest{Prompt: "a fox"})
	if err := errors.Join(first.Begin(), batch.Resolve(t.Context(), j, first.Key(), "task-1")); err != nil {
		t.Fatal(err)
	}
	if got := first.Submitted("task-1", nil); got != (Outcome{TaskID: "task-1"}) {
		t.Errorf("resolved meanwhile: %+v", got)
	}
	for name, tt := range map[string]struct {
		id  string
		err error
	}{
		"a success": {"task-1", nil},
		"an error":  {"", &wrapper.APIError{HTTPStatus: 500, TaskID: "task-1"}},
	} {
		o := NewOwn(j, nil, wrapper.GenerateRequest{Prompt: "a fox"})
		if err := o.Begin(); err != nil {
			t.Fatal(err)
		}
		got := o.Submitted(tt.id, tt.err)
		want := `the service named the task of the job "` + first.Key() + `", so that this one may have another task`
		if got.TaskID != "" || cli.FactsOf(got.Err).TaskID != "" || got.Record != nil || !errors.Is(got.Err, wrapper.ErrOutcomeUnknown) || !strings.HasPrefix(got.Err.Error(), want) {
			t.Errorf("%s: %+v", name, got)
		}
		if e, _, err := j.Get(t.Context(), o.Key()); err != nil || e.State != batch.InDoubt || e.TaskID != "" {
			t.Errorf("%s: recorded %+v, %v", name, e, err)
		}
	}
	if e, _, err := j.Get(t.Context(), first.Key()); err != nil || e.State != batch.Submitted || e.TaskID != "task-1" {
		t.Errorf("the first entry is %+v, %v", e, err)
	}
}

// What a person has decided while a response is awaited, or a task is waited for, stays.
func TestOwnKeepsDecisions(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "j")
	j, err := batch.OpenSharedJournal(path)
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	entry := func(o *Own) batch.Entry {
		e, _, err := j.Get(t.Context(), o.Key())
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	lost := NewOwn(j, nil, wrapper.GenerateRequest{})
	if err := errors.Join(lost.Begin(), batch.Resolve(t.Context(), j, lost.Key(), "found")); err != nil {
		t.Fatal(err)
	}
	lost.Submitted("", wrapper.ErrOutcomeUnknown)
	if e := entry(lost); e.TaskID != "found" || e.State != batch.Submitted {
		t.Errorf("%+v", e)
	}
	deleted := NewOwn(j, nil, wrapper.GenerateRequest{})
	if err := deleted.Begin(); err != nil {
		t.Fatal(err)
	}
	deleted.Submitted("t1", nil)
	e := entry(deleted)
	e.State = batch.Deleted
	if err := errors.Join(j.Put(t.Context(), e), deleted.Ended(batch.Completed, nil)); err != nil {
		t.Fatal(err)
	}
	if e := entry(deleted); e.State != batch.Deleted {
		t.Errorf("%+v", e)
	}
}
