package cli

import (
	"errors"
	"strings"
	"testing"
)

// lastFrame returns what a terminal shows in the end: the text after the last carriage
// return of each line.
func lastFrame(screen string) string {
	var shown []string
	for _, line := range strings.Split(screen, "\n") {
		line = strings.TrimRight(strings.TrimRight(line, " "), "\r")
		shown = append(shown, line[strings.LastIndex(line, "\r")+1:])
	}
	return strings.Join(shown, "\n")
}

// Lines of the report are not mixed with the bar on the same terminal.
func TestBarMakesRoom(t *testing.T) {
	t.Parallel()
	var screen strings.Builder
	bar := NewBar(&screen, "Deleting", 6)
	if !strings.Contains(screen.String(), "Deleting   0%") || !strings.Contains(screen.String(), "(0/6)") {
		t.Errorf("no bar at first: %q", screen.String())
	}
	r := NewReporter(&screen, false)
	r.Show(bar)
	for _, line := range []string{"one", "two", "three"} {
		r.Report(Note(line))
		bar.Add(1)
	}
	r.Report(Note("summary"))
	wantText(t, "screen", lastFrame(screen.String()), "one\ntwo\nthree\nsummary\n")
}

func TestBarCounts(t *testing.T) {
	t.Parallel()
	var screen strings.Builder
	bar := NewBar(&screen, "Deleting", 4)
	bar.Add(3)
	if got := bar.bar.State().CurrentNum; got != 3 {
		t.Errorf("bar at %d, want 3", got)
	}
	_ = bar.Aside(func() error { return nil })
	wantText(t, "bar at the end", strings.TrimRight(lastFrame(screen.String()), " "), "")
}

// A display passes on the error of the write. One that is nil shows nothing.
func TestDisplays(t *testing.T) {
	t.Parallel()
	broken := errors.New("closed")
	spinner := NewSpinner(failingWriter{broken})
	defer spinner.Stop()
	for name, d := range map[string]Display{
		"bar": NewBar(failingWriter{broken}, "Deleting", 4), "spinner": spinner,
		"no bar": (*Bar)(nil), "no spinner": (*Spinner)(nil),
	} {
		if err := d.Aside(func() error { return broken }); !errors.Is(err, broken) {
			t.Errorf("%s: error %v", name, err)
		}
	}
	(*Bar)(nil).Add(1)
	(*Spinner)(nil).Say("id", "queued")
	(*Spinner)(nil).Stop()
}
