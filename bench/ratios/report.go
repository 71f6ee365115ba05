package main

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// writeReport prints two tables in Markdown.
func writeReport(w io.Writer, s *samples, goVersion string, now time.Time) error {
	var b strings.Builder
	fmt.Fprintf(&b, "Medians of %d on %s: %s, %s/%s, GOMAXPROCS %s, %s.\n\n", s.runs(), now.UTC().Format(time.DateOnly),
		s.machine["cpu"], s.machine["goos"], s.machine["goarch"], s.machine["procs"], goVersion)
	b.WriteString("| goal | bound | measured | reached |\n|---|---|---|---|\n")
	for _, g := range allGoals() {
		b.WriteString(g.row(s))
	}
	b.WriteByte('\n')
	writeMedians(&b, s)
	_, err := io.WriteString(w, b.String())
	return err
}

// row marks the values that miss the bound.
func (g goal) row(s *samples) string {
	values, reached := make([]string, 0, len(g.measures)), "yes"
	for _, m := range g.measures {
		value, ok := m.value(s)
		switch {
		case !ok:
			values, reached = append(values, "not measured"), "?"
		case g.holds(value):
			values = append(values, g.format(value))
		default:
			values = append(values, "**"+g.format(value)+"**"+g.excuse(m, s))
			if reached == "yes" {
				reached = "no"
			}
		}
	}
	sign := "≤"
	if g.atLeast {
		sign = "≥"
	}
	return fmt.Sprintf("| %s | %s %s | %s | %s |\n", g.text, sign, g.format(g.bound), strings.Join(values, ", "), reached)
}

// excuse tells where a client without any check misses the bound, too.
func (g goal) excuse(m measure, s *samples) string {
	floor, ok := m.floorValue(s)
	if !ok || g.holds(floor) {
		return ""
	}
	return " (plain " + g.format(floor) + ")"
}
