package cli

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
)

// Bar is a [Display] of how much of a known amount is done. A nil Bar shows nothing.
type Bar struct {
	bar *progressbar.ProgressBar

	plain       *heartbeat // in place of bar, where nothing can be drawn
	mu          sync.Mutex // guards the fields below, which only plain has
	title       string
	done, total int
}

// NewBar draws a bar for total steps on out, which should be a terminal.
func NewBar(out io.Writer, title string, total int) *Bar {
	return &Bar{bar: progressbar.NewOptions(total,
		progressbar.OptionSetWriter(out),
		progressbar.OptionSetDescription(title),
		progressbar.OptionSetWidth(30),
		progressbar.OptionShowCount(),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionSetRenderBlankState(true),
		progressbar.OptionClearOnFinish(),
	)}
}

// NewPlainBar writes a line to standard error every 30 seconds until Stop, for logs.
func NewPlainBar(e Env, title string, total int) *Bar {
	b := &Bar{title: title, total: total}
	b.plain = newHeartbeat(e, b.text())
	return b
}

// text says how much is done.
func (b *Bar) text() string { return fmt.Sprintf("%s: %d of %d", b.title, b.done, b.total) }

// IsDrawn reports whether there is a bar on a terminal.
func (b *Bar) IsDrawn() bool { return b != nil && b.bar != nil }

// Add moves the bar by n steps. An error of the terminal is of no consequence.
func (b *Bar) Add(n int) {
	switch {
	case b.IsDrawn():
		_ = b.bar.Add(n)
	case b != nil:
		b.mu.Lock()
		defer b.mu.Unlock()
		b.done += n
		b.plain.say(b.text())
	}
}

// Aside clears the bar and calls write. The next step draws it again.
func (b *Bar) Aside(write func() error) error {
	if b.IsDrawn() {
		_ = b.bar.Clear()
	}
	return write()
}

// Describe changes the title of the bar, which the next step shows.
func (b *Bar) Describe(title string) {
	switch {
	case b.IsDrawn():
		b.bar.Describe(title)
	case b != nil:
		b.mu.Lock()
		defer b.mu.Unlock()
		b.title = title
		b.plain.say(b.text())
	}
}

// Stop clears the bar, which may not be at its end. It is called once.
func (b *Bar) Stop() {
	switch {
	case b.IsDrawn():
		_ = b.bar.Clear()
	case b != nil:
		b.plain.stop()
	}
}
