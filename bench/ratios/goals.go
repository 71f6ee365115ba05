package main

import "fmt"

// goal bounds one or more quantities; it is reached if all keep to it.
type goal struct {
	text     string
	bound    float64
	atLeast  bool // the bound is the smallest good value, not the largest
	format   func(float64) string
	measures []measure
}

// measure is a point, or how it stands to another one.
type measure struct {
	of, to  point
	combine func(of, to float64) float64 // nil for of alone
	floor   point                        // of a client that checks nothing; or empty
}

// floorValue is what no check could get below, if that is known.
func (m measure) floorValue(s *samples) (float64, bool) {
	m.of = m.floor
	return m.value(s)
}

func (m measure) value(s *samples) (float64, bool) {
	of, ok := s.median(m.of)
	if !ok || m.combine == nil {
		return of, ok
	}
	to, ok := s.median(m.to)
	return m.combine(of, to), ok
}

func (g goal) holds(value float64) bool {
	if g.atLeast {
		return value >= g.bound
	}
	return value <= g.bound
}

func quotient(of, to float64) float64   { return of / to }
func difference(of, to float64) float64 { return of - to }

func plain(v float64) string  { return fmt.Sprintf("%.0f", v) }
func ratio(v float64) string  { return fmt.Sprintf("%.2f", v) }
func millis(v float64) string { return fmt.Sprintf("%.2f ms", v/1e6) }
func megas(v float64) string  { return fmt.Sprintf("%.1f MB", v/1e6) }

var (
	transports = []string{"stub", "loopback"}
	idCounts   = []int{1, 100, 10_000}
	nestings   = []string{"data", "msg", "status", "other", "objects"}
)

func callName(transport, answer string, ids int, peer string) string {
	return fmt.Sprintf("Call/transport=%s/answer=%s/ids=%d/peer=%s", transport, answer, ids, peer)
}

// allGoals are what this client is to keep to.
func allGoals() []goal {
	var goals []goal
	for _, t := range transports {
		goals = append(goals,
			callGoal(t, "same", "plain", 1.20),
			callGoal(t, "same", "ogen", 1.25),
			callGoal(t, "different", "filter", 0.75))
	}
	goals = append(goals, allocationGoal("same", 50), allocationGoal("different", 75))
	goals = append(goals, purgeGoals()...)
	goals = append(goals, lifeGoals()...)
	goals = append(goals, refusalGoals()...)
	return append(goals, startupGoals()...)
}

func callGoal(transport, answer, peer string, bound float64) goal {
	g := goal{
		text:  fmt.Sprintf("checked call over %s, %s answers: time ÷ %s, for 1, 100, 10,000 ids", transport, answer, peer),
		bound: bound, format: ratio,
	}
	for _, n := range idCounts {
		of := func(peer string) point { return point{callName(transport, answer, n, peer), "ns/op"} }
		m := measure{of: of("ours"), to: of(peer), combine: quotient}
		if peer != "plain" {
			m.floor = of("plain")
		}
		g.measures = append(g.measures, m)
	}
	return g
}

// allocationGoal looks at the stub only: over loopback the allocations of the
// service count as well.
func allocationGoal(answer string, bound float64) goal {
	g := goal{
		text:  fmt.Sprintf("checked call over stub, %s answers: allocations, for 1, 100, 10,000 ids", answer),
		bound: bound, format: plain,
	}
	for _, n := range idCounts {
		g.measures = append(g.measures, measure{of: point{callName("stub", answer, n, "ours"), "allocs/op"}})
	}
	return g
}

func purgeGoals() []goal {
	ours, raw := "Purge/ids=1000000/peer=ours", "Purge/ids=1000000/peer=raw"
	const heap = "peak-heap-bytes"
	return []goal{
		{text: "purge of 1,000,000 ids: ids a second ÷ raw worker pool", bound: 0.95, atLeast: true, format: ratio,
			measures: []measure{{of: point{ours, "ids/s"}, to: point{raw, "ids/s"}, combine: quotient}}},
		{text: "purge: peak heap for 1,000,000 ids less that for 100,000", bound: 16e6, format: megas,
			measures: []measure{{of: point{ours, heap}, to: point{"Purge/ids=100000/peer=ours", heap}, combine: difference}}},
		{text: "3,200 calls from 64 goroutines: connections", bound: 70, format: plain,
			measures: []measure{{of: point{"Connections/peer=ours", "connections"}}}},
	}
}

func refusalGoals() []goal {
	took := goal{text: "refusal of 20 KB nested 9,990 deep, five places: time", bound: 10e6, format: millis}
	used := goal{text: "refusal of 20 KB nested 9,990 deep, five places: allocated", bound: 4e6, format: megas}
	for _, where := range nestings {
		name := "NestedRefusal/nested=" + where + "/peer=ours"
		took.measures = append(took.measures, measure{of: point{name, "ns/op"}})
		used.measures = append(used.measures, measure{of: point{name, "B/op"}})
	}
	return []goal{took, used, {
		text: "refusal of a 64 MB gzip bomb: time", bound: 50e6, format: millis,
		measures: []measure{{of: point{"GzipBomb/peer=ours", "ns/op"}}},
	}}
}

func startupGoals() []goal {
	return []goal{
		{text: "first client of a process, which reads the contract: time", bound: 2e6, format: millis,
			measures: []measure{{of: point{"Startup/peer=ours", "ns/op"}}}},
		{text: "importing the wrapper: allocations of our packages at init", bound: 0, format: plain,
			measures: []measure{{of: point{"Startup/peer=ours", "init-allocs"}}}},
	}
}
