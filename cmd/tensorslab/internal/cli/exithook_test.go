package cli

import "testing"

// What may have cost money comes before the interruption.
func TestExitHookStatus(t *testing.T) {
	t.Parallel()
	h := new(ExitHook)
	if status := h.Run(); status != Interrupted {
		t.Errorf("exit status %d", status)
	}
	h = new(ExitHook)
	h.Set(h.MayHavePaid)
	if status := h.Run(); status != Unknown {
		t.Errorf("exit status %d after a submission", status)
	}
}
