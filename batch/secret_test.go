package batch

import (
	"errors"
	"fmt"
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

// A job that holds the key by mistake, in another text than its prompt, is neither recorded nor sent,
// and its result does not show the key.
func TestAJobThatHoldsTheKey(t *testing.T) {
	t.Parallel()
	for name, job := range map[string]Job{
		"key":         {Key: testKey, Request: wrapper.GenerateRequest{Prompt: "a fox"}},
		"part of key": {Key: "a-" + testKey + "-b", Request: wrapper.GenerateRequest{Prompt: "a fox"}},
		"model":       {Key: "a", Request: wrapper.GenerateRequest{Prompt: "a fox", Model: testKey}},
		"resolution":  {Key: "a", Request: wrapper.GenerateRequest{Prompt: "a fox", Resolution: testKey}},
		"image URL":   {Key: "a", Request: wrapper.GenerateRequest{Prompt: "a fox", ImageURL: "https://example.com/?key=" + testKey}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, c := start(t)
			j := newJournal(t)
			opts := Options{Wait: soon, Save: ToDir(t.TempDir(), "{key}-{n}{ext}")}
			results := previewed(t, c, j, Jobs(job), opts)
			o := collect(t.Context(), t, c, j, Jobs(job), opts)
			for _, r := range o.results {
				results = append(results, r)
			}
			for _, r := range results {
				if !errors.Is(r.Err, errSecretJob) || r.State != Planned || strings.Contains(fmt.Sprintf("%+v %v", r, r.Err), testKey) {
					t.Errorf("%+v", r)
				}
			}
			text, err := os.ReadFile(j.path)
			if o.err != nil || len(results) != 2 || len(srv.Requests()) > 0 || err != nil || strings.Contains(string(text), testKey) {
				t.Errorf("%+v, %d requests, %v\n%s", o, len(srv.Requests()), err, text)
			}
		})
	}
}
