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
		if err := o.Submitted(tt.id, tt.err); err != nil {
			t.Error(err)
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
	if err := errors.Join(o.Begin(), o.Submitted("task-1", nil), o.Ended(batch.Saved, nil, "a.png")); err != nil {
		t.Error(err)
	}
	if e, _, _ := j.Get(t.Context(), o.Key()); e.State != batch.Saved || e.TaskID != "task-1" || len(e.Files) != 1 || !IsSingle(e.Key) {
		t.Errorf("%+v", e)
	}
	j.Close()
	for _, err := range []error{o.Begin(), o.Submitted("task-1", nil), o.Ended(batch.Saved, nil)} {
		if !errors.Is(err, batch.ErrJournal) {
			t.Errorf("a journal that is closed: %v", err)
		}
	}
	none := NewOwn(nil, nil, wrapper.GenerateRequest{})
	if err := errors.Join(none.Begin(), none.Submitted("", nil), none.Ended(batch.Saved, nil)); err != nil || none.Key() != "" {
		t.Errorf("without a journal: %v, key %q", err, none.Key())
	}
}
