package main

import (
	"fmt"
	"strings"
	"testing"
)

const (
	callOurs  = "Call/transport=stub/answer=different/ids=1/peer=ours"
	callOther = "Call/transport=stub/answer=different/ids=1/peer=filter"
	callPlain = "Call/transport=stub/answer=different/ids=1/peer=plain"
)

func benchLine(name string, ns int) string {
	return fmt.Sprintf("Benchmark%s-2 1 %d ns/op\n", name, ns)
}

func oneCall(bound float64, atLeast bool) goal {
	g := callGoal("stub", "different", "filter", bound)
	g.measures, g.atLeast = g.measures[:1], atLeast
	return g
}

func TestRow(t *testing.T) {
	const text = "checked call over stub, different answers: time ÷ filter, for 1, 100, 10,000 ids"
	tests := map[string]struct {
		results string
		goal    goal
		want    string
	}{
		"below":      {benchLine(callOurs, 70) + benchLine(callOther, 100), oneCall(0.75, false), "≤ 0.75 | 0.70 | yes"},
		"at":         {benchLine(callOurs, 75) + benchLine(callOther, 100), oneCall(0.75, false), "≤ 0.75 | 0.75 | yes"},
		"above":      {benchLine(callOurs, 76) + benchLine(callOther, 100), oneCall(0.75, false), "≤ 0.75 | **0.76** | no"},
		"at least":   {benchLine(callOurs, 96) + benchLine(callOther, 100), oneCall(0.95, true), "≥ 0.95 | 0.96 | yes"},
		"too little": {benchLine(callOurs, 94) + benchLine(callOther, 100), oneCall(0.95, true), "≥ 0.95 | **0.94** | no"},
		"out of reach": {
			benchLine(callOurs, 90) + benchLine(callOther, 100) + benchLine(callPlain, 80), oneCall(0.75, false),
			"≤ 0.75 | **0.90** (plain 0.80) | no",
		},
		"in reach": {
			benchLine(callOurs, 90) + benchLine(callOther, 100) + benchLine(callPlain, 50), oneCall(0.75, false),
			"≤ 0.75 | **0.90** | no",
		},
		"a peer is missing": {benchLine(callOurs, 70), oneCall(0.75, false), "≤ 0.75 | not measured | ?"},
		"some are missing": {
			benchLine(callOurs, 90) + benchLine(callOther, 100), callGoal("stub", "different", "filter", 0.75),
			"≤ 0.75 | **0.90**, not measured, not measured | ?",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			want := "| " + text + " | " + test.want + " |\n"
			if got := test.goal.row(readSamples(t, test.results)); got != want {
				t.Errorf("got  %swant %s", got, want)
			}
		})
	}
}

func TestDifferenceAndAlone(t *testing.T) {
	s := readSamples(t, `BenchmarkPurge/ids=100000/peer=ours-2 1 5 ns/op 4000000 peak-heap-bytes
BenchmarkPurge/ids=1000000/peer=ours-2 1 5 ns/op 21000000 peak-heap-bytes
BenchmarkConnections/peer=ours-2 1 5 ns/op 64 connections
`)
	var rows strings.Builder
	for _, g := range purgeGoals() {
		rows.WriteString(g.row(s))
	}
	for _, want := range []string{"| ≤ 16.0 MB | **17.0 MB** | no |", "| ≤ 70 | 64 | yes |", "| ≥ 0.95 | not measured | ? |"} {
		if !strings.Contains(rows.String(), want) {
			t.Errorf("no %q in\n%s", want, rows.String())
		}
	}
}

// A goal for a benchmark under another name would never be measured.
func TestGoalsHaveMeasures(t *testing.T) {
	for _, g := range allGoals() {
		if g.text == "" || g.format == nil || len(g.measures) == 0 {
			t.Errorf("goal is incomplete: %+v", g)
		}
		for _, m := range g.measures {
			if m.of.unit == "" || (m.combine == nil) != (m.to == point{}) {
				t.Errorf("%s: measure is incomplete: %+v", g.text, m)
			}
		}
	}
}
