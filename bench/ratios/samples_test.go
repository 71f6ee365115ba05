package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const header = "goos: linux\ngoarch: amd64\npkg: example.com/bench\ncpu: Some CPU @ 2.00GHz\n"

func readSamples(t *testing.T, text string) *samples {
	t.Helper()
	s := newSamples()
	if err := s.read(strings.NewReader(text), "test"); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestReadKeepsUnitsAsPrinted(t *testing.T) {
	s := readSamples(t, header+
		"BenchmarkStartup/peer=ours-2 \t 28\t 1314481 ns/op\t 408449 first-call-ns\t 36.00 init-allocs\n"+
		"BenchmarkPurge/ids=100/peer=raw-2 \t 1\t 51 ns/op\t 1958473 ids/s\t 3563304 peak-heap-bytes\t 7 B/op\t 3 allocs/op\n"+
		"PASS\nok  \texample.com/bench\t3.4s\n")
	want := map[point][]float64{
		{"Startup/peer=ours", "ns/op"}:                {1314481},
		{"Startup/peer=ours", "first-call-ns"}:        {408449},
		{"Startup/peer=ours", "init-allocs"}:          {36},
		{"Purge/ids=100/peer=raw", "ns/op"}:           {51},
		{"Purge/ids=100/peer=raw", "ids/s"}:           {1958473},
		{"Purge/ids=100/peer=raw", "peak-heap-bytes"}: {3563304},
		{"Purge/ids=100/peer=raw", "B/op"}:            {7},
		{"Purge/ids=100/peer=raw", "allocs/op"}:       {3},
	}
	if diff := cmp.Diff(want, s.values); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
	machine := map[string]string{"goos": "linux", "goarch": "amd64", "cpu": "Some CPU @ 2.00GHz", "procs": "2"}
	if diff := cmp.Diff(machine, s.machine); diff != "" {
		t.Errorf("machine (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"Startup/peer=ours", "Purge/ids=100/peer=raw"}, s.names); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
}

func TestNamesWithoutProcs(t *testing.T) {
	tests := map[string]struct{ name, procs string }{
		"BenchmarkCall/peer=ogen-lean":    {"Call/peer=ogen-lean", "1"},
		"BenchmarkCall/peer=ogen-lean-8":  {"Call/peer=ogen-lean", "8"},
		"BenchmarkCall/ids=1/peer=raw-16": {"Call/ids=1/peer=raw", "16"},
		"BenchmarkInit":                   {"Init", "1"},
		"BenchmarkInit-4":                 {"Init", "4"},
	}
	for line, want := range tests {
		t.Run(line, func(t *testing.T) {
			s := readSamples(t, line+" 1 5 ns/op\n")
			if s.names[0] != want.name || s.machine["procs"] != want.procs {
				t.Errorf("got %q with %q processors, want %+v", s.names[0], s.machine["procs"], want)
			}
		})
	}
}

func TestMedianAndRuns(t *testing.T) {
	p := point{"X", "ns/op"}
	tests := map[string]struct {
		values []string
		want   float64
	}{
		"one":  {[]string{"7"}, 7},
		"odd":  {[]string{"900", "1", "5"}, 5},
		"even": {[]string{"900", "4", "1", "5"}, 4.5},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var text strings.Builder
			for _, v := range test.values {
				text.WriteString("BenchmarkX-2 1 " + v + " ns/op\n")
			}
			s := readSamples(t, text.String())
			if got, ok := s.median(p); !ok || got != test.want {
				t.Errorf("median %v, %v; want %v", got, ok, test.want)
			}
			if got := s.runs(); got != len(test.values) {
				t.Errorf("%d runs, want %d", got, len(test.values))
			}
		})
	}
	if _, ok := newSamples().median(p); ok {
		t.Error("a median of nothing")
	}
}

func TestReadRefusesBrokenResults(t *testing.T) {
	err := newSamples().read(strings.NewReader("BenchmarkX-2 1 ns/op\n"), "broken.txt")
	if err == nil || !strings.Contains(err.Error(), "broken.txt:1") {
		t.Errorf("got %v, want an error that names the line", err)
	}
}
