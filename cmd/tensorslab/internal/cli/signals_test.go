package cli

import (
	"os"
	"slices"
	"syscall"
	"testing"
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
	var ran []string
	h := new(ExitHook)
	h.Run()
	h.Set(func() { ran = append(ran, "one") })
	h.Set(func() { ran = append(ran, "two") })
	h.Run()
	h.Set(nil)
	h.Run()
	if !slices.Equal(ran, []string{"two"}) {
		t.Errorf("ran %q, want the last function, once", ran)
	}
}
