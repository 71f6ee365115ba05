package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var (
	day     = time.Date(2026, 3, 1, 23, 0, 0, 0, time.UTC)
	results = filepath.Join("testdata", "results.txt") // of one whole run
)

func TestReport(t *testing.T) {
	want, err := os.ReadFile(filepath.Join("testdata", "report.md"))
	if err != nil {
		t.Fatal(err)
	}
	s := newSamples()
	if err := s.readFile(results); err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	if err := writeReport(&got, s, "go1.25.0", day); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
}

func TestRunReadsFilesOrStandardInput(t *testing.T) {
	data, err := os.ReadFile(results)
	if err != nil {
		t.Fatal(err)
	}
	var fromFiles, fromInput bytes.Buffer
	if err := run([]string{results, results}, strings.NewReader(""), &fromFiles, day); err != nil {
		t.Fatal(err)
	}
	if err := run(nil, bytes.NewReader(append(data, data...)), &fromInput, day); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(fromInput.String(), fromFiles.String()); diff != "" {
		t.Errorf("from files and from input differ:\n%s", diff)
	}
	if !strings.HasPrefix(fromFiles.String(), "Medians of 2 on 2026-03-01: ") || strings.Contains(fromFiles.String(), "not measured") {
		t.Errorf("report is not of two whole runs:\n%s", fromFiles.String())
	}
}

func TestRunFails(t *testing.T) {
	tests := map[string]struct {
		files []string
		stdin string
		want  string
	}{
		"no results":   {nil, "PASS\nok \tbench\t1s\n", "no benchmark results"},
		"no such file": {[]string{filepath.Join("testdata", "missing.txt")}, "", "missing.txt"},
		"not a result": {nil, "BenchmarkX 1 many ns/op\n", "standard input:1"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			err := run(test.files, strings.NewReader(test.stdin), &out, day)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want an error with %q", err, test.want)
			}
			if out.Len() > 0 {
				t.Errorf("printed %q", out.String())
			}
		})
	}
}

func TestDuration(t *testing.T) {
	for ns, want := range map[float64]string{
		950: "0.9 µs", 12_345: "12.3 µs", 999_000: "999.0 µs", 1e6: "1.00 ms", 23_456_789: "23.46 ms", 1.5e9: "1.50 s",
	} {
		if got := duration(ns); got != want {
			t.Errorf("%v ns: got %s, want %s", ns, got, want)
		}
	}
}
