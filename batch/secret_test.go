package batch

import (
	"os"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

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
