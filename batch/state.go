package batch

import "fmt"

// State is how far a job is.
type State uint8

// The states of a job. [Submitting] is only seen after a crash, and becomes
// [InDoubt] then.
const (
	// Planned: nothing was sent, or what was sent certainly had no effect.
	Planned State = iota
	// Submitting: the request is about to be sent, or was sent without a response so far.
	Submitting
	// Submitted: the service created the task, which was paid.
	Submitted
	// Completed: the images exist at the service, and are not saved.
	Completed
	// Saved: Options.Save has saved all images.
	Saved
	// Failed: the service accepted the task and made no images of it.
	Failed
	// InDoubt: nobody knows whether the service created a task. The job is never
	// sent again until a person decides: see [Resolve] and [Resubmit].
	InDoubt
	// Refused: the request was rejected without effect. The next run sends it again.
	Refused
	// Deleted: the task and its images were deleted at the service.
	Deleted
)

var stateNames = [...]string{"planned", "submitting", "submitted", "completed", "saved", "failed", "in-doubt", "refused", "deleted"}

// String returns the name of the state as journals have it: "in-doubt" for [InDoubt].
func (s State) String() string {
	if int(s) < len(stateNames) {
		return stateNames[s]
	}
	return fmt.Sprintf("State(%d)", uint8(s))
}

// MarshalText returns what String does, and an error for a state that does not exist.
func (s State) MarshalText() ([]byte, error) {
	if int(s) >= len(stateNames) {
		return nil, fmt.Errorf("batch: there is no state %d", uint8(s))
	}
	return []byte(stateNames[s]), nil
}

// UnmarshalText reads a state by its name.
func (s *State) UnmarshalText(text []byte) error {
	state, ok := stateOf(text)
	if !ok {
		return fmt.Errorf("batch: there is no state %.40q", text)
	}
	*s = state
	return nil
}

func stateOf(text []byte) (State, bool) {
	for i, name := range stateNames {
		if string(text) == name {
			return State(i), true
		}
	}
	return 0, false
}

// isUnfinished reports whether a later run has something to do for the job,
// whether or not it is among that run's jobs.
func (s State) isUnfinished() bool { return s == Submitting || s == Submitted || s == Completed }
