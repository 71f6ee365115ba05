package main

import (
	"os"
	"slices"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var signals = map[string]os.Signal{"INT": os.Interrupt, "TERM": syscall.SIGTERM, "HUP": syscall.SIGHUP}

func TestObey(t *testing.T) {
	t.Parallel()
	received := make(chan os.Signal)
	events := make(chan string)
	go obey(received, func() { events <- "stop" }, func() { events <- "end" })
	received <- os.Interrupt
	wantText(t, "after the first signal", <-events, "stop")
	received <- syscall.SIGTERM
	wantText(t, "after the second signal", <-events, "end")
}

func TestLastWords(t *testing.T) {
	t.Parallel()
	var said []string
	w := new(lastWords)
	w.say()
	w.set(func() { said = append(said, "one") })
	w.set(func() { said = append(said, "two") })
	w.say()
	w.set(nil)
	w.say()
	if diff := cmp.Diff([]string{"two"}, slices.Clip(said)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
