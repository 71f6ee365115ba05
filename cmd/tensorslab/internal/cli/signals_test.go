package cli

import (
	"os"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

func TestHandleSignals(t *testing.T) {
	t.Parallel()
	received := make(chan os.Signal)
	events := make(chan string)
	go HandleSignals(received, func() { events <- "stop" }, func() { events <- "exit" })
	received <- os.Interrupt
	wantText(t, "after the first signal", <-events, "stop")
	received <- syscall.SIGTERM
	wantText(t, "after the second signal", <-events, "exit")
}

func TestExitHook(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		prepare func(h *ExitHook, do func(string) func())
		want    string
	}{
		"nothing":   {func(*ExitHook, func(string) func()) {}, ""},
		"the last":  {func(h *ExitHook, do func(string) func()) { h.Set(do("one")); h.Set(do("two")) }, "two"},
		"none":      {func(h *ExitHook, do func(string) func()) { h.Set(do("one")); h.Set(nil) }, ""},
		"one added": {func(h *ExitHook, do func(string) func()) { h.Add(do("one")); h.Add(do("two")) }, "one two"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var ran []string
			h := new(ExitHook)
			tt.prepare(h, func(name string) func() { return func() { ran = append(ran, name) } })
			h.Run()
			wantText(t, "ran", strings.Join(ran, " "), tt.want)
		})
	}
}

// A process does not exit while it is held, and is not held any more once it is about to exit.
func TestHeldProcess(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := new(ExitHook)
		release, nested := h.Hold(), h.Hold()
		nested()
		known := false
		h.Set(func() { t.Error("the old function ran") })
		go func() {
			time.Sleep(time.Second)
			h.Set(func() { known = true })
			release()
		}()
		if h.Run(); !known {
			t.Error("what was being created is not known")
		}
		if h.held.TryRLock() {
			t.Error("it can be held again")
		}
	})
}

// Who holds the process for ever, as on a disk that does not respond, does not keep it.
func TestHeldForEver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := new(ExitHook)
		h.Hold()
		start := time.Now()
		if status := h.Run(); status != Interrupted || time.Since(start) > maxHeld+time.Second {
			t.Errorf("exit status %d after %v", status, time.Since(start))
		}
	})
}
