package main

import (
	"io"
	"time"

	"github.com/schollz/progressbar/v3"
)

// progress is a reporter with a progress bar, which makes room for what the
// other one writes: both may be on the same terminal.
type progress struct {
	reporter
	bar *progressbar.ProgressBar
}

// withProgress adds a bar on stderr if people are looking: that is a terminal
// and the account is text.
func withProgress(r reporter, e env, f deleteFlags, total int) reporter {
	if f.output != outputText || !isTerminal(e.stderr) {
		return r
	}
	return newProgress(r, e.stderr, total)
}

func newProgress(r reporter, out io.Writer, total int) *progress {
	return &progress{r, progressbar.NewOptions(total,
		progressbar.OptionSetWriter(out),
		progressbar.OptionSetDescription("Deleting"),
		progressbar.OptionSetWidth(30),
		progressbar.OptionShowCount(),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionSetRenderBlankState(true),
		progressbar.OptionClearOnFinish(),
	)}
}

func (p *progress) note(text string) error {
	p.bar.Clear()
	return p.reporter.note(text)
}

func (p *progress) batch(ids []string, o outcome, err error) error {
	if err != nil {
		p.bar.Clear()
	}
	writeErr := p.reporter.batch(ids, o, err)
	p.bar.Add(len(ids))
	return writeErr
}

func (p *progress) unsent(ids []string, reason string) error {
	p.bar.Clear()
	return p.reporter.unsent(ids, reason)
}

func (p *progress) summary(s summary) error {
	p.bar.Clear()
	return p.reporter.summary(s)
}
