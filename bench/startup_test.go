package bench

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// buildFirstUse compiles the program that measures itself.
func buildFirstUse(tb testing.TB) (program string) {
	tb.Helper()
	program = filepath.Join(tb.TempDir(), "firstuse.exe")
	if out, err := exec.CommandContext(tb.Context(), "go", "build", "-o", program, "./firstuse").CombinedOutput(); err != nil {
		tb.Fatalf("%v: %s", err, out)
	}
	return program
}

// startup is what a fresh process spends before and on its first call.
type startup struct {
	NewClient, Call time.Duration
	own, others     initCost // our packages, and those of third parties
}

// start runs the program once. The trace of the runtime has a line for each
// package that has something to initialize.
func start(tb testing.TB, program string) (s startup) {
	tb.Helper()
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(tb.Context(), program)
	cmd.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		tb.Fatalf("%v: %s", err, stderr.Bytes())
	}
	if err := json.Unmarshal(stdout.Bytes(), &s); err != nil {
		tb.Fatal(err)
	}
	s.own, s.others = readInitTrace(stderr.Bytes())
	return s
}

// initCost is what the initialization of packages takes.
type initCost struct{ ns, bytes, allocs float64 }

var initLine = regexp.MustCompile(`(?m)^init (\S+) @[0-9.]+ ms, ([0-9.]+) ms clock, ([0-9]+) bytes, ([0-9]+) allocs$`)

func readInitTrace(trace []byte) (own, others initCost) {
	const module = "github.com/tensorslab/tensorslab-go"
	for _, line := range initLine.FindAllSubmatch(trace, -1) {
		name, cost := string(line[1]), &others
		domain, _, _ := strings.Cut(name, "/")
		switch {
		case !strings.Contains(domain, "."), strings.HasPrefix(name, module+"/bench"):
			continue // the standard library, and what is not part of the client
		case strings.HasPrefix(name, module):
			cost = &own
		}
		cost.ns += number(line[2]) * float64(time.Millisecond)
		cost.bytes += number(line[3])
		cost.allocs += number(line[4])
	}
	return own, others
}

func number(digits []byte) float64 {
	n, err := strconv.ParseFloat(string(digits), 64)
	if err != nil {
		panic(err) // the pattern takes numbers only
	}
	return n
}

// BenchmarkStartup starts fresh processes. Its time is that of their first
// client.
func BenchmarkStartup(b *testing.B) { b.Run("peer=ours", benchmarkStartup) }

func benchmarkStartup(b *testing.B) {
	program := buildFirstUse(b)
	var client, call time.Duration
	var own, others initCost
	for b.Loop() {
		s := start(b, program)
		client += s.NewClient
		call += s.Call
		own.ns += s.own.ns
		own.allocs += s.own.allocs
		others.ns += s.others.ns
	}
	n := float64(b.N)
	b.ReportMetric(float64(client)/n, "ns/op")
	b.ReportMetric(float64(call)/n, "first-call-ns")
	b.ReportMetric(own.ns/n, "init-ns")
	b.ReportMetric(own.allocs/n, "init-allocs")
	b.ReportMetric(others.ns/n, "third-party-init-ns")
}

func TestStartIsMeasured(t *testing.T) {
	s := start(t, buildFirstUse(t))
	if s.NewClient <= 0 || s.Call <= 0 || s.others.allocs == 0 {
		t.Errorf("got %+v, want times, and packages of third parties", s)
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
