package bench

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

var sink string

// busy spends CPU time in proportion to n.
func busy(n int) func(context.Context) error {
	return func(context.Context) error {
		for range n {
			sink = strings.Repeat("x", 1000)
		}
		return nil
	}
}

func ready(do func(context.Context) error) func(bed) (func(context.Context) error, error) {
	return func(bed) (func(context.Context) error, error) { return do, nil }
}

// What costs twice as much is measured as about that, whatever else the machine does.
func TestMeasureComparesWithinRounds(t *testing.T) {
	c := Case{Name: "x", Peers: []Peer{{"double", ready(busy(20_000))}, {"ours", ready(busy(10_000))}}, Goals: map[string]float64{"double": 0.6}}
	figures, err := c.Measure(9)
	if err != nil {
		t.Fatal(err)
	}
	f := figures[0]
	if f.Ours < 0.3 || f.Ours > 0.8 || f.Low > f.Ours || f.High < f.Ours || f.Goal != 0.6 || f.CPU <= 0 || f.Allocations < 20_000 || f.Peer != "double" {
		t.Errorf("%+v", f)
	}
	if f := figures[1]; f.Ours != 1 || f.Goal != 0 {
		t.Errorf("%+v", f)
	}
}

func TestMeasureReportsErrors(t *testing.T) {
	want := errors.New("broken")
	broken := Case{Name: "x", Peers: []Peer{{"ours", func(bed) (func(context.Context) error, error) { return nil, want }}}}
	if _, err := broken.Measure(1); !errors.Is(err, want) {
		t.Errorf("got %v", err)
	}
	failing := Case{Name: "x", Peers: []Peer{{"ours", ready(func(context.Context) error { return want })}}}
	if _, err := failing.Measure(1); !errors.Is(err, want) {
		t.Errorf("got %v", err)
	}
	if err := failing.Run("ours", 1); !errors.Is(err, want) {
		t.Errorf("got %v", err)
	}
	if err := failing.Run("nobody", 1); err == nil {
		t.Error("no error for a peer that there is not")
	}
}

// Each case can be carried out by each of its peers, and ours comes last. The largest
// ones are left to the measurement.
func TestCasesRun(t *testing.T) {
	for _, c := range Cases() {
		if last := c.Peers[len(c.Peers)-1].Name; last != "ours" {
			t.Errorf("%s: the last peer is %s", c.Name, last)
		}
		for peer := range c.Goals {
			if !slices.ContainsFunc(c.Peers, func(p Peer) bool { return p.Name == peer }) {
				t.Errorf("%s: a goal for %s, which is no peer", c.Name, peer)
			}
		}
		if strings.HasPrefix(c.Name, "purge") {
			continue
		}
		for _, p := range c.Peers {
			if err := c.Run(p.Name, 1); err != nil {
				t.Errorf("%s, %s: %v", c.Name, p.Name, err)
			}
		}
	}
}

func TestQuantile(t *testing.T) {
	for q, want := range map[float64]float64{0: 1, 0.25: 2, 0.5: 3, 0.75: 4, 1: 5} {
		if got := quantile([]float64{5, 3, 1, 4, 2}, q); got != want {
			t.Errorf("%v: %v, want %v", q, got, want)
		}
	}
}

// Instructions decide where they were counted; the spread of CPU time does elsewhere.
func TestVerdict(t *testing.T) {
	for _, tt := range []struct {
		f    Figures
		ours float64
		want string
	}{
		{Figures{Goal: 1, Low: 0.7, Ours: 0.8, High: 0.9}, 0, ""},
		{Figures{Goal: 1, Low: 0.9, Ours: 0.95, High: 1.1}, 0, Unclear},
		{Figures{Goal: 1, Low: 1.1, Ours: 1.2, High: 1.3}, 0, Missed},
		{Figures{Goal: 1, Low: 1.1, Ours: 1.2, High: 1.3, Instructions: 100}, 100, ""},
		{Figures{Goal: 1, Low: 0.7, Ours: 0.8, High: 0.9, Instructions: 100}, 101, Missed},
	} {
		if got := tt.f.Verdict(tt.ours); got != tt.want {
			t.Errorf("%+v: %q, want %q", tt.f, got, tt.want)
		}
	}
}

func TestTestBedEndsInReverse(t *testing.T) {
	var order []int
	b := &testBed{}
	for i := range 3 {
		b.Cleanup(func() { order = append(order, i) })
	}
	if b.end(); !slices.Equal(order, []int{2, 1, 0}) {
		t.Errorf("%v", order)
	}
}

func TestCPUTimeIsSpent(t *testing.T) {
	turn, err := newTurn(busy(100))
	if err != nil || turn.times < 2 {
		t.Fatalf("%d times, %v", turn.times, err)
	}
	if err := turn.take(); err != nil || turn.spent[0] <= 0 || turn.spent[0] > float64(time.Second) {
		t.Errorf("%v, %v", turn.spent, err)
	}
}
