package bench

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Nothing of ours is allocated at the start of a program, before it asks for it.
func TestStartIsMeasured(t *testing.T) {
	s, err := MeasureStartup(t.Context(), 3)
	if err != nil {
		t.Fatal(err)
	}
	if s.FirstClient <= 0 || s.FirstCall <= 0 || s.OtherInit <= 0 {
		t.Errorf("got %+v, want times, and packages of third parties", s)
	}
	if s.OwnAllocations != 0 {
		t.Errorf("%v allocations of our packages at init", s.OwnAllocations)
	}
}

func TestReadInitTrace(t *testing.T) {
	const trace = `init runtime @0.031 ms, 0.12 ms clock, 0 bytes, 0 allocs
init vendor/golang.org/x/sys/cpu @4.3 ms, 0.033 ms clock, 5000 bytes, 10 allocs
some other line
init github.com/getkin/kin-openapi/openapi3 @9.1 ms, 0.5 ms clock, 53000 bytes, 600 allocs
init go.yaml.in/yaml/v4 @9.2 ms, 1.5 ms clock, 10 bytes, 4 allocs
init github.com/tensorslab/tensorslab-go @9.3 ms, 0 ms clock, 8 bytes, 1 allocs
init github.com/tensorslab/tensorslab-go/wrapper @9.3 ms, 0.25 ms clock, 2928 bytes, 36 allocs
init github.com/tensorslab/tensorslab-go/bench/http2 @9.4 ms, 1 ms clock, 1 bytes, 1 allocs
`
	own, others := readInitTrace([]byte(trace))
	want := []initCost{{250_000, 2936, 37}, {2_000_000, 53010, 604}}
	if diff := cmp.Diff(want, []initCost{own, others}, cmp.AllowUnexported(initCost{})); diff != "" {
		t.Errorf("own and others (-want +got):\n%s", diff)
	}
}
