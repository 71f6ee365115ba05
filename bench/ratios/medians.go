package main

import (
	"fmt"
	"slices"
	"strings"
)

// writeMedians prints a row for each benchmark and a column for each peer, both
// in the order they were measured.
func writeMedians(b *strings.Builder, s *samples) {
	var rows, peers []string
	for _, name := range s.names {
		row, peer, _ := strings.Cut(name, "/peer=")
		if !slices.Contains(rows, row) {
			rows = append(rows, row)
		}
		if !slices.Contains(peers, peer) {
			peers = append(peers, peer)
		}
	}
	fmt.Fprintf(b, "| medians | %s |\n|---%s|\n", strings.Join(peers, " | "), strings.Repeat("|---", len(peers)))
	for _, row := range rows {
		cells := make([]string, 0, len(peers))
		for _, peer := range peers {
			cells = append(cells, s.cell(row+"/peer="+peer))
		}
		fmt.Fprintf(b, "| %s | %s |\n", strings.ReplaceAll(row, "/", ", "), strings.Join(cells, " | "))
	}
}

// units are those that a cell shows.
var units = []struct {
	unit   string
	format func(float64) string
}{
	{"ns/op", duration},
	{"allocs/op", func(v float64) string { return fmt.Sprintf("%.0f allocations", v) }},
	{"ids/s", func(v float64) string { return fmt.Sprintf("%.0f ids/s", v) }},
	{"peak-heap-bytes", func(v float64) string { return "peak heap " + megas(v) }},
	{"connections", func(v float64) string { return fmt.Sprintf("%.0f connections", v) }},
	{"first-call-ns", func(v float64) string { return "first call " + duration(v) }},
	{"init-ns", func(v float64) string { return "init of our packages " + duration(v) }},
	{"third-party-init-ns", func(v float64) string { return "init of third parties " + duration(v) }},
}

func (s *samples) cell(name string) string {
	var parts []string
	for _, u := range units {
		if v, ok := s.median(point{name, u.unit}); ok {
			parts = append(parts, u.format(v))
		}
	}
	return strings.Join(parts, ", ")
}

func duration(ns float64) string {
	switch {
	case ns >= 1e9:
		return fmt.Sprintf("%.2f s", ns/1e9)
	case ns >= 1e6:
		return fmt.Sprintf("%.2f ms", ns/1e6)
	}
	return fmt.Sprintf("%.1f µs", ns/1e3)
}
