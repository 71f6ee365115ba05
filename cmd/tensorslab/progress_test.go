package main

import (
	"errors"
	"strings"
	"testing"
)

// lastFrame is what a terminal shows in the end: the text after the last
// carriage return of each line.
func lastFrame(screen string) string {
	var shown []string
	for _, line := range strings.Split(screen, "\n") {
		line = strings.TrimRight(strings.TrimRight(line, " "), "\r")
		shown = append(shown, line[strings.LastIndex(line, "\r")+1:])
	}
	return strings.Join(shown, "\n")
}

// Lines of the account are not mixed with the bar on the same terminal.
func TestProgressMakesRoom(t *testing.T) {
	t.Parallel()
	var screen strings.Builder
	p := newProgress(&textReport{&screen}, &screen, 6)
	if !strings.Contains(screen.String(), "Deleting   0%") || !strings.Contains(screen.String(), "(0/6)") {
		t.Errorf("no bar at first: %q", screen.String())
	}
	tellAll(t, p)
	var plain strings.Builder
	tellAll(t, &textReport{&plain})
	wantText(t, "screen", lastFrame(screen.String()), plain.String())
}

func TestProgressCounts(t *testing.T) {
	t.Parallel()
	var screen strings.Builder
	p := newProgress(&textReport{&strings.Builder{}}, &screen, 4)
	if err := p.batch([]string{"a", "b", "c"}, deleted, nil); err != nil {
		t.Fatal(err)
	}
	if got := p.bar.State().CurrentNum; got != 3 {
		t.Errorf("bar at %d, want 3", got)
	}
	if err := p.summary(summary{}); err != nil {
		t.Fatal(err)
	}
	wantText(t, "bar at the end", strings.TrimRight(lastFrame(screen.String()), " "), "")
}

func TestProgressPassesErrorsOn(t *testing.T) {
	t.Parallel()
	broken := errors.New("closed")
	p := newProgress(&textReport{failingWriter{broken}}, failingWriter{broken}, 4)
	for name, err := range map[string]error{
		"note":    p.note("Hello."),
		"batch":   p.batch([]string{"a"}, refused, apiErr),
		"unsent":  p.unsent([]string{"b"}, "interrupted"),
		"summary": p.summary(summary{}),
	} {
		if !errors.Is(err, broken) {
			t.Errorf("%s returned %v", name, err)
		}
	}
}

// Only a terminal gets a bar, and only with text.
func TestNoProgress(t *testing.T) {
	t.Parallel()
	r := &textReport{}
	for _, output := range []string{outputText, outputJSON} {
		if got := withProgress(r, env{stderr: &strings.Builder{}}, deleteFlags{serviceFlags: serviceFlags{output: output}}, 4); got != r {
			t.Errorf("%s: a bar on what is no terminal", output)
		}
	}
}
