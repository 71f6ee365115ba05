package submission

import "testing"

// The phases of a submission, of which only one lets the request end by itself.
func TestSubmission(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		do                     func(*Submission)
		cancelled, warned, may bool
	}{
		"not begun":                {func(s *Submission) { s.interrupt() }, true, false, false},
		"without a connection":     {func(s *Submission) { s.begin(); s.interrupt() }, true, false, false},
		"sent":                     {func(s *Submission) { s.begin(); s.connected(); s.interrupt(); s.interrupt() }, false, true, true},
		"sent, and another begins": {func(s *Submission) { s.connected(); s.interrupt(); s.begin() }, true, true, false},
		"another is not begun yet": {func(s *Submission) { s.connected(); s.begin(); s.interrupt() }, true, false, false},
	} {
		warnings := 0
		s, sub, end := New(t.Context(), func() { warnings++ })
		tt.do(s)
		if cancelled := sub.Err() != nil; cancelled != tt.cancelled || warnings > 1 || (warnings == 1) != tt.warned || s.MayBeSent() != tt.may {
			t.Errorf("%s: cancelled %v, %d warnings, may be sent %v", name, cancelled, warnings, s.MayBeSent())
		}
		end()
	}
}
