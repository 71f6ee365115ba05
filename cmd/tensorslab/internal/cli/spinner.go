package cli

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
)

// Spinner is a [Display] of what is being waited for. A nil Spinner shows nothing. It is
// safe for concurrent use.
type Spinner struct {
	plain *heartbeat // in place of everything below, where nothing can be drawn

	start time.Time
	done  chan struct{}
	ended sync.WaitGroup

	mu   sync.Mutex
	bar  *progressbar.ProgressBar
	text string
}

// NewSpinner draws a spinner on out, which should be a terminal, until Stop.
func NewSpinner(out io.Writer) *Spinner {
	s := &Spinner{start: time.Now(), text: "connecting", done: make(chan struct{}), bar: progressbar.NewOptions(-1,
		progressbar.OptionSetWriter(out),
		progressbar.OptionSpinnerType(14),
		progressbar.OptionSetElapsedTime(false),
		progressbar.OptionSetSpinnerChangeInterval(0), // the package would start a goroutine that does not end
		progressbar.OptionClearOnFinish(),
	)}
	s.ended.Go(s.turn)
	return s
}

// NewPlainSpinner writes a line to standard error every 30 seconds until Stop, for logs.
func NewPlainSpinner(e Env) *Spinner {
	return &Spinner{plain: newHeartbeat(e, "connecting")}
}

func (s *Spinner) turn() {
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

// maxShownID is the number of characters of an id to show: a line that is wrapped
// cannot be cleared.
const maxShownID = 40

// Say shows what happens to a task.
func (s *Spinner) Say(id, what string) {
	if s == nil {
		return
	}
	if runes := []rune(Printable(id)); len(runes) > maxShownID {
		id = string(runes[:maxShownID]) + "…"
	}
	text := Printable(id) + ": " + what
	if s.plain != nil {
		s.plain.say(text)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.text = text
}

// Aside clears the spinner and calls write; the spinner does not draw meanwhile.
func (s *Spinner) Aside(write func() error) error {
	if s == nil || s.plain != nil {
		return write()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = s.bar.Clear()
	return write()
}

// Stop ends the spinner and clears its line.
func (s *Spinner) Stop() {
	if s == nil {
		return
	}
	if s.plain != nil {
		s.plain.stop()
		return
	}
	close(s.done)
	s.ended.Wait()
	_ = s.Aside(func() error { return nil })
}
