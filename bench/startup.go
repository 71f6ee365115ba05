package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Startup is what fresh processes spend on the client.
type Startup struct {
	FirstClient, FirstCall time.Duration // of CPU time, the least: what else runs only adds to it
	OwnAllocations         float64       // by the initialization of our packages, in the median
	OtherInit              time.Duration // on a clock, by that of third parties, in the median
}

// MeasureStartup starts a program of a user, times times. It is to be called from the
// folder of this package.
func MeasureStartup(ctx context.Context, times int) (s Startup, err error) {
	dir, err := os.MkdirTemp("", "firstuse")
	if err != nil {
		return s, err
	}
	defer os.RemoveAll(dir)
	program, err := buildFirstUse(ctx, dir)
	if err != nil {
		return s, err
	}
	var clients, calls, own, others []float64
	for range times {
		one, err := start(ctx, program)
		if err != nil {
			return s, err
		}
		clients, calls = append(clients, float64(one.NewClient)), append(calls, float64(one.Call))
		own, others = append(own, one.own.allocs), append(others, one.others.ns)
	}
	return Startup{
		time.Duration(quantile(clients, 0)), time.Duration(quantile(calls, 0)), quantile(own, 0.5), time.Duration(quantile(others, 0.5)),
	}, nil
}

// buildFirstUse compiles the program that measures itself.
func buildFirstUse(ctx context.Context, dir string) (program string, err error) {
	program = filepath.Join(dir, "firstuse.exe")
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", program, "./firstuse").CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return program, nil
}

// startup is what a fresh process spends before its first call, and the CPU time of that.
type startup struct {
	NewClient, Call time.Duration
	own, others     initCost // our packages, and those of third parties
}

// start runs the program once. The trace of the runtime has a line for each
// package that has something to initialize.
func start(ctx context.Context, program string) (s startup, err error) {
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, program)
	cmd.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return s, fmt.Errorf("%w: %s", err, stderr.Bytes())
	}
	if err := json.Unmarshal(stdout.Bytes(), &s); err != nil {
		return s, err
	}
	s.own, s.others = readInitTrace(stderr.Bytes())
	return s, nil
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
