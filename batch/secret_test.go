package batch

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

// A service that names the key as a task does not bring it into the journal.
func TestATaskIDThatHoldsTheKey(t *testing.T) {
	t.Parallel()
	srv, c := start(t)
	j := newJournal(t)
	srv.FailNextOn("seeDreamV45", 2, sameTask("x-"+testKey))
	o := collect(t.Context(), t, c, j, numbered(3), Options{Parallel: 1, Wait: soon})
	if o.err != nil || o.count(InDoubt) != 2 || o.count(Completed) != 1 {
		t.Errorf("%+v", o)
	}
	for _, r := range o.results {
		if r.State == InDoubt && (r.TaskID != "" || !errors.Is(r.Err, ErrInDoubt) || strings.Contains(r.Err.Error(), testKey)) {
			t.Errorf("%+v", r)
		}
	}
	text, err := os.ReadFile(j.path)
	if err != nil || strings.Contains(string(text), testKey) {
		t.Errorf("%v\n%s", err, text)
	}
}

// A prompt that holds the key by mistake does not bring it into the journal, wherever the
// record of the prompt ends.
func TestTheJournalHasNoKey(t *testing.T) {
	t.Parallel()
	_, c := start(t)
	j := newJournal(t)
	var jobs []Job
	for _, n := range []int{0, 100, maxPrompt - 20, maxPrompt - 10, maxPrompt - 1, maxPrompt} {
		for _, filler := range []string{"a", "狐", "🦊"} {
			jobs = append(jobs, Job{Request: wrapper.GenerateRequest{Prompt: strings.Repeat(filler, n) + testKey + " and more"}})
		}
	}
	o := collect(t.Context(), t, c, j, Jobs(jobs...), Options{Wait: soon})
	if o.err != nil {
		t.Fatal(o.err)
	}
	for _, r := range o.results {
		if strings.Contains(r.Prompt, testKey[:8]) || len([]rune(r.Prompt)) > maxPrompt {
			t.Errorf("%+v", r)
		}
	}
	text, err := os.ReadFile(j.path)
	if err != nil || strings.Contains(string(text), testKey[:8]) {
		t.Errorf("%v\n%s", err, text)
	}
}
