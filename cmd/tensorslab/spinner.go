package main

import (
	"fmt"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/tensorslab/tensorslab-go/generated"
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
	s := &spinner{start: time.Now(), done: make(chan struct{}), bar: progressbar.NewOptions(-1,
		progressbar.OptionSetWriter(e.stderr),
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

func (s *spinner) status(id string, status generated.ImageStatus) { s.say(id, statusName(status)) }

func (s *spinner) say(id, what string) {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.text = printable(id) + ": " + what
}

// clear makes room for a line on the same terminal.
func (s *spinner) clear() {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = s.bar.Clear()
}

// stop ends the spinner and clears its line.
func (s *spinner) stop() {
	if s == nil {
		return
	}
	close(s.done)
	s.ended.Wait()
	s.clear()
}
