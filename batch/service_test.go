package batch

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A journal knows whose jobs it has, however it is opened, and keeps what others recorded.
func TestForService(t *testing.T) {
	t.Parallel()
	const fake, real = "http://127.0.0.1:8787", "https://api.example.com"
	path := filepath.Join(t.TempDir(), "j.jsonl")
	j, err := OpenJournal(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(j.Put(t.Context(), Entry{Key: "old", State: Planned}), j.ForService(fake),
		j.Put(t.Context(), Entry{Key: "new", State: Submitted, TaskID: "t"}), j.Close()); err != nil {
		t.Fatal(err)
	}
	for name, open := range map[string]func(string) (*FileJournal, error){"owned": OpenJournal, "shared": OpenSharedJournal, "read": ReadJournal} {
		j, err := open(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := j.ForService(real); !errors.Is(err, ErrOtherService) || !strings.HasSuffix(err.Error(), ": it has tasks of another service: "+fake) {
			t.Errorf("%s, another service: %v", name, err)
		}
		if err := j.ForService(fake); err != nil {
			t.Errorf("%s, the same service: %v", name, err)
		}
		for key, want := range map[string]string{"old": "", "new": fake} {
			if e, _, err := j.Get(t.Context(), key); err != nil || e.Service != want {
				t.Errorf("%s: %s is of %q, %v", name, key, e.Service, err)
			}
		}
		j.Close()
	}
}

// What another process has put meanwhile counts, and so does a line that a person wrote.
func TestForServiceSeesOthers(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "j.jsonl")
	j, err := OpenSharedJournal(path)
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	line := `{ "v": 1, "key": "b", "state": "planned", "time": "2026-01-02T03:04:05Z", "service": "https://b\u0061.example" }` + "\n"
	if err := os.WriteFile(path, []byte(line), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := j.ForService("https://a.example"); !errors.Is(err, ErrOtherService) || !strings.HasSuffix(err.Error(), ": https://ba.example") {
		t.Error(err)
	}
}
