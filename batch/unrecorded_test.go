package batch

import (
	"errors"
	"testing"
)

// A task whose id can't be recorded is told apart from others that are under way: its result
// is the only record.
func TestATaskThatIsNotRecorded(t *testing.T) {
	t.Parallel()
	full := errors.New("no space left")
	for state, want := range map[State]bool{Submitting: false, Submitted: true, Completed: false} {
		_, c := start(t)
		j := &failingJournal{memoryJournal: new(memoryJournal), state: state, after: 1, err: full}
		o := collect(t.Context(), t, c, j, numbered(5), Options{Parallel: 1, Wait: soon})
		if r := o.results["001"]; errors.Is(r.Err, ErrUnrecorded) != want || !errors.Is(r.Err, full) || want && (r.TaskID == "" || r.State != Submitted) {
			t.Errorf("%v: %+v", state, r)
		}
		if o.err == nil || errors.Is(o.err, ErrUnrecorded) {
			t.Errorf("%v: the run ended with %v", state, o.err)
		}
	}
}
