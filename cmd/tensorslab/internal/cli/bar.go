package cli

import (
	"io"
	"time"

	"github.com/schollz/progressbar/v3"
)

// Bar is a [Display] of how much of a known amount is done. A nil Bar shows nothing.
type Bar struct{ bar *progressbar.ProgressBar }

// NewBar draws a bar for total steps on out, which should be a terminal.
func NewBar(out io.Writer, title string, total int) *Bar {
	return &Bar{progressbar.NewOptions(total,
		progressbar.OptionSetWriter(out),
		progressbar.OptionSetDescription(title),
		progressbar.OptionSetWidth(30),
		progressbar.OptionShowCount(),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionSetRenderBlankState(true),
		progressbar.OptionClearOnFinish(),
	)}
}

// Add moves the bar by n steps. An error of the terminal is of no consequence.
func (b *Bar) Add(n int) {
	if b != nil {
		_ = b.bar.Add(n)
	}
}

// Aside clears the bar and calls write. The next step draws it again.
func (b *Bar) Aside(write func() error) error {
	if b != nil {
		_ = b.bar.Clear()
	}
	return write()
}

// Describe changes the title of the bar, which the next step shows.
func (b *Bar) Describe(title string) {
	if b != nil {
		b.bar.Describe(title)
	}
}

// Stop clears the bar, which may not be at its end.
func (b *Bar) Stop() {
	if b != nil {
		_ = b.bar.Clear()
	}
}
