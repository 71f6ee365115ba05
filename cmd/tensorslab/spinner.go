package main

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
)

// spinner shows people on a terminal that something goes on. A nil spinner
// shows nothing.
type spinner struct {
	start time.Time
	done  chan struct{}
	ended sync.WaitGroup

	mu   sync.Mutex
	bar  *progressbar.ProgressBar
	text string
}

// newSpinner returns nil unless people are looking: stderr is a terminal and
// the account is text.
func newSpinner(e env, f serviceFlags) *spinner {
	if !f.asText() || !isTerminal(e.stderr) {
		return nil
	}
	return startSpinner(e.stderr)
}

func startSpinner(out io.Writer) *spinner {
	s := &spinner{start: time.Now(), text: "connecting", done: make(chan struct{}), bar: progressbar.NewOptions(-1,
		progressbar.OptionSetWriter(out),
		progressbar.OptionSpinnerType(14),
		progressbar.OptionSetElapsedTime(false),
		progressbar.OptionSetSpinnerChangeInterval(0), // it would be another goroutine
		progressbar.OptionClearOnFinish(),
	)}
	s.ended.Go(s.turn)
	return s
}

func (s *spinner) turn() {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-s.done:
			return
		case <-tick.C:
			s.mu.Lock()
			s.bar.Describe(fmt.Sprintf("%s, %v", s.text, time.Since(s.start).Round(time.Second)))
			_ = s.bar.Add(1)
			s.mu.Unlock()
		}
	}
}

// maxSpinnerID is how much of an id is shown: a line that is wrapped can't be cleared.
const maxSpinnerID = 40

func (s *spinner) say(id, what string) {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if runes := []rune(printable(id)); len(runes) > maxSpinnerID {
		id = string(runes[:maxSpinnerID]) + "…"
	}
	s.text = printable(id) + ": " + what
}

// aside makes room for what write puts on the same terminal, and keeps it until
// write is done.
func (s *spinner) aside(write func() error) error {
	if s == nil {
		return write()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = s.bar.Clear()
	return write()
}

// stop ends the spinner and clears its line.
func (s *spinner) stop() {
	if s == nil {
		return
	}
	close(s.done)
	s.ended.Wait()
	_ = s.aside(func() error { return nil })
}
