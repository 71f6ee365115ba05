//go:build !windows

package main

import (
	"bytes"
	"flag"
	"fmt"
	"html"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/terminal.svg")

const picture = "../../docs/terminal.svg"

// The picture in the README is what the command prints today.
func TestPictureOfTheTerminal(t *testing.T) {
	t.Parallel()
	want := drawing(terminal(t))
	if *update {
		if err := os.WriteFile(picture, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(picture)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("docs/terminal.svg shows what the command does not print any more: run make picture, look at the picture, and commit it; want\n%s", want)
	}
}

// A port is new in each run, and versions of Go compress an image to different sizes.
var (
	port = regexp.MustCompile(`127\.0\.0\.1:\d+`)
	size = regexp.MustCompile(`\(\d+ bytes\)`)
)

// terminal returns what is seen of a first image, and of a batch that is killed and run again.
func terminal(t *testing.T) []string {
	t.Helper()
	dir := t.TempDir()
	run := func(args ...string) string {
		cmd := exec.CommandContext(within(t), "tensorslab", args...)
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("tensorslab %q: %v: %s", args, err, out)
		}
		return size.ReplaceAllString(port.ReplaceAllString(string(out), "127.0.0.1:8787"), "(403 bytes)")
	}
	first := run("images", "generate", "a fox in the snow", "--demo", "--out", "pictures")
	_, batch, found := strings.Cut(run("demo"), "\n6. ")
	batch, _, ended := strings.Cut(batch, "\n\n10. ")
	if !found || !ended {
		t.Fatal("tensorslab demo has other steps: say here which are about the batch")
	}
	lines := append([]string{`$ tensorslab images generate "a fox in the snow" --demo --out pictures`}, strings.Split(strings.TrimSpace(first), "\n")...)
	lines = append(lines, "", "$ tensorslab demo", "…")
	return append(lines, strings.Split("6. "+batch, "\n")...)
}

const (
	charWidth, lineHeight, margin = 8.4, 19, 16
	bar                           = 34 // the height of the window's title
)

// drawing returns the lines as a window of a terminal. Its colors can be read on a light page
// and on a dark one.
func drawing(lines []string) []byte {
	widest := 0
	for _, line := range lines {
		widest = max(widest, len([]rune(line)))
	}
	width, height := int(float64(widest)*charWidth)+2*margin, len(lines)*lineHeight+bar+margin
	var svg bytes.Buffer
	fmt.Fprintf(&svg, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img">
<title>An image is generated, and a batch that is killed goes on without paying twice</title>
<style>text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#d0d7de;white-space:pre}.command{fill:#ffffff;font-weight:bold}.result{fill:#7ee787}.step{fill:#79c0ff}</style>
<rect width="%d" height="%d" rx="8" fill="#161b22"/>
<circle cx="20" cy="18" r="6" fill="#ff5f57"/><circle cx="40" cy="18" r="6" fill="#febc2e"/><circle cx="60" cy="18" r="6" fill="#28c840"/>
`, width, height, width, height, width, height)
	for i, line := range lines {
		if line == "" {
			continue
		}
		fmt.Fprintf(&svg, "<text x=\"%d\" y=\"%d\" xml:space=\"preserve\"%s>%s</text>\n", margin, bar+(i+1)*lineHeight-4, class(line), html.EscapeString(line))
	}
	svg.WriteString("</svg>\n")
	return svg.Bytes()
}

var stepTitle = regexp.MustCompile(`^\d+\. `)

func class(line string) string {
	switch trimmed := strings.TrimSpace(line); {
	case strings.HasPrefix(trimmed, "$ "), strings.HasPrefix(trimmed, "tensorslab images "):
		return ` class="command"`
	case strings.HasPrefix(trimmed, "→"):
		return ` class="result"`
	case stepTitle.MatchString(line):
		return ` class="step"`
	}
	return ""
}

func TestDrawing(t *testing.T) {
	t.Parallel()
	got := string(drawing([]string{"$ a <b> & c", "", "1. step", "   → done"}))
	for _, want := range []string{
		`class="command">$ a &lt;b&gt; &amp; c</text>`, `class="step">1. step</text>`, `class="result">   → done</text>`,
		`width="124"`, `height="126"`, "</svg>\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %q:\n%s", want, got)
		}
	}
}
