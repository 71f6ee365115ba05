// Command compare measures the client against its peers, and prints a table. It exits
// with status 1 if ours misses a goal.
package main

import (
	"context"
	"flag"
	"fmt"
	"math"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tensorslab/tensorslab-go/bench"
)

func main() {
	rounds := flag.Int("rounds", 40, "how often each peer has its turn")
	only := flag.String("only", "", "a regular expression of cases")
	instructions := flag.Bool("instructions", bench.HasValgrind(), "count instructions with valgrind, too")
	run := flag.Bool("run", false, "carry out one peer of a case: -run CASE PEER TIMES")
	flag.Parse()
	if err := compare(*rounds, *only, *instructions, *run, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func compare(rounds int, only string, instructions, run bool, args []string) error {
	pattern, err := regexp.Compile(only)
	switch {
	case err != nil:
		return err
	case run && len(args) == 3:
		return runOne(args[0], args[1], args[2])
	}
	fmt.Printf("%s, %s/%s, %s\n\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, time.Now().Format(time.DateOnly))
	fmt.Println("| case | peer | CPU time | allocations | instructions | ours ÷ peer, CPU (quartiles) | instructions | goal |")
	fmt.Println("|---|---|---|---|---|---|---|---|")
	missed := 0
	for _, c := range bench.Cases() {
		if !pattern.MatchString(c.Name) {
			continue
		}
		figures, err := c.Measure(rounds)
		if err != nil {
			return err
		}
		if instructions && !c.CPUOnly {
			if err := count(c, figures); err != nil {
				return err
			}
		}
		missed += print(figures)
	}
	if only == "" {
		others, err := measureOthers(context.Background())
		if err != nil {
			return err
		}
		missed += others
	}
	if missed > 0 {
		return fmt.Errorf("%d goals are missed", missed)
	}
	return nil
}

func runOne(name, peer, times string) error {
	n, err := strconv.Atoi(times)
	if err != nil {
		return err
	}
	cases := bench.Cases()
	i := slices.IndexFunc(cases, func(c bench.Case) bool { return c.Name == name })
	if i < 0 {
		return fmt.Errorf("there is no case %q", name)
	}
	return cases[i].Run(peer, n)
}

func count(c bench.Case, figures []bench.Figures) error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	return c.CountInstructions(context.Background(), program, figures)
}

// starts is how many processes are started.
const starts = 31

// measureOthers measures what has no peer.
func measureOthers(ctx context.Context) (missed int, err error) {
	s, err := bench.MeasureStartup(ctx, starts)
	if err != nil {
		return 0, err
	}
	small, err := bench.PurgeHeap(ctx, 100_000)
	if err != nil {
		return 0, err
	}
	large, err := bench.PurgeHeap(ctx, 1_000_000)
	if err != nil {
		return 0, err
	}
	fmt.Printf("\n| ours | measured | goal |\n|---|---|---|\n")
	for _, row := range []struct {
		name     string
		got, max float64
		unit     string
	}{
		{"first client of a process, CPU time, the least of 31", s.FirstClient.Seconds() * 1e3, 3, "ms"},
		{"first call of a process, CPU time, the least of 31", s.FirstCall.Seconds() * 1e3, 1, "ms"},
		{"allocations of our packages at init", s.OwnAllocations, 0, ""},
		{"init of third-party packages, on a clock", s.OtherInit.Seconds() * 1e3, math.Inf(1), "ms"},
		{"heap of a purge of 1M ids beyond one of 100k", (float64(large) - float64(small)) / (1 << 20), 4, "MB"},
	} {
		goal := ""
		if !math.IsInf(row.max, 1) {
			goal = strings.TrimSpace(fmt.Sprintf("≤ %.0f %s", row.max, row.unit))
			if row.got > row.max {
				goal += " missed"
				missed++
			}
		}
		fmt.Printf("| %s | %.1f %s | %s |\n", row.name, row.got, row.unit, goal)
	}
	return missed, nil
}

// print prints the rows of one case, and returns how many goals ours misses.
func print(figures []bench.Figures) (missed int) {
	ours := figures[len(figures)-1]
	for _, f := range figures {
		count, byCount, goal := "", "", ""
		if f.Instructions > 0 {
			count, byCount = fmt.Sprintf("%.0f", f.Instructions), fmt.Sprintf("%.2f", ours.Instructions/f.Instructions)
		}
		if f.Goal > 0 {
			verdict := f.Verdict(ours.Instructions)
			goal = strings.TrimSpace(fmt.Sprintf("≤ %.2f %s", f.Goal, verdict))
			if verdict == bench.Missed {
				missed++
			}
		}
		fmt.Printf("| %s | %s | %v | %.0f | %s | %.2f (%.2f–%.2f) | %s | %s |\n",
			f.Case, f.Peer, f.CPU.Round(10*time.Nanosecond), f.Allocations, count, f.Ours, f.Low, f.High, byCount, goal)
	}
	return missed
}
