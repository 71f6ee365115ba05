package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"golang.org/x/perf/benchfmt"
)

// point is one quantity that a benchmark measures, such as its "ns/op".
type point struct{ name, unit string }

// samples are all measurements of each point.
type samples struct {
	values  map[point][]float64
	names   []string          // of benchmarks, in the order they came
	machine map[string]string // goos, goarch, cpu, procs
}

func newSamples() *samples {
	return &samples{values: map[point][]float64{}, machine: map[string]string{}}
}

func (s *samples) readFile(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	return s.read(f, name)
}

func (s *samples) read(r io.Reader, source string) error {
	reader := benchfmt.NewReader(r, source)
	for reader.Scan() {
		switch record := reader.Result().(type) {
		case *benchfmt.Result:
			s.add(record)
		case *benchfmt.SyntaxError:
			return fmt.Errorf("not a benchmark result: %w", record)
		}
	}
	return reader.Err()
}

func (s *samples) add(r *benchfmt.Result) {
	name, procs := cutProcs(r.Name)
	s.machine["procs"] = procs
	for _, key := range []string{"goos", "goarch", "cpu"} {
		s.machine[key] = r.GetConfig(key)
	}
	if !slices.Contains(s.names, name) {
		s.names = append(s.names, name)
	}
	for _, v := range r.Values {
		unit, value := v.Unit, v.Value
		if v.OrigUnit != "" { // benchfmt turns nanoseconds into seconds
			unit, value = v.OrigUnit, v.OrigValue
		}
		p := point{name, unit}
		s.values[p] = append(s.values[p], value)
	}
}

// cutProcs splits GOMAXPROCS off a name, which go test leaves out if it is 1.
func cutProcs(name benchfmt.Name) (bare, procs string) {
	_, parts := name.Parts()
	if len(parts) > 0 {
		if last, ok := strings.CutPrefix(string(parts[len(parts)-1]), "-"); ok {
			return strings.TrimSuffix(name.String(), "-"+last), last
		}
	}
	return name.String(), "1"
}

// median returns false for a point that was not measured.
func (s *samples) median(p point) (float64, bool) {
	values := slices.Sorted(slices.Values(s.values[p]))
	n := len(values)
	if n == 0 {
		return 0, false
	}
	return (values[(n-1)/2] + values[n/2]) / 2, true
}

// runs is how often the least measured point was.
func (s *samples) runs() int {
	least := 0
	for _, values := range s.values {
		if least == 0 || len(values) < least {
			least = len(values)
		}
	}
	return least
}
