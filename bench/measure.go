package bench

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"time"

	"github.com/tensorslab/tensorslab-go/bench/cpu"
)

// Figures are what a peer needed in one case.
type Figures struct {
	Case, Peer   string
	CPU          time.Duration // of the whole process, for one operation
	Allocations  float64       // for one operation
	Instructions float64       // for one operation; 0 if they were not counted
	// Ours is what the last peer of the case needs as a multiple of this one, by CPU
	// time in the same round: the median, and the quartiles around it.
	Ours, Low, High float64
	Goal            float64 // at most; 0 for none
}

// testBed ends what was started on it.
type testBed struct{ ends []func() }

func (b *testBed) Cleanup(end func()) { b.ends = append(b.ends, end) }

func (b *testBed) end() {
	for _, end := range slices.Backward(b.ends) {
		end()
	}
}

// Run carries out one peer of a case, times times.
func (c Case) Run(peer string, times int) error {
	i := slices.IndexFunc(c.Peers, func(p Peer) bool { return p.Name == peer })
	if i < 0 {
		return fmt.Errorf("%s has no peer %q", c.Name, peer)
	}
	b := &testBed{}
	defer b.end()
	do, err := c.Peers[i].open(b)
	for n := 0; n < times && err == nil; n++ {
		err = do(context.Background())
	}
	return err
}

// slice is how much CPU time a peer gets before it is the next one's turn. It is long
// against the collection of garbage, and short against changes of the machine's load.
const slice = 40 * time.Millisecond

// Measure gives each peer of a case a slice of CPU time in each round, in an order that
// rotates. Peers are compared within a round, so that what slows the machine down
// slows down all of them.
func (c Case) Measure(rounds int) ([]Figures, error) {
	b := &testBed{}
	defer b.end()
	turns := make([]turn, len(c.Peers))
	for i, p := range c.Peers {
		do, err := p.open(b)
		if err != nil {
			return nil, fmt.Errorf("%s, %s: %w", c.Name, p.Name, err)
		}
		if turns[i], err = newTurn(do); err != nil {
			return nil, fmt.Errorf("%s, %s: %w", c.Name, p.Name, err)
		}
	}
	if turns[0].times == 1 { // an operation longer than a slice
		rounds = max(5, rounds/4)
	}
	for round := range rounds {
		for i := range turns {
			at := (round + i) % len(turns)
			if err := turns[at].take(); err != nil {
				return nil, fmt.Errorf("%s, %s: %w", c.Name, c.Peers[at].Name, err)
			}
		}
	}
	return c.figures(turns), nil
}

// turn is what one peer does in each round.
type turn struct {
	do          func(context.Context) error
	times       int
	spent       []float64 // nanoseconds of CPU time for one operation, by round
	allocations []float64
}

// newTurn finds out how many operations fill a slice.
func newTurn(do func(context.Context) error) (turn, error) {
	t := turn{do: do, times: 1}
	for {
		start := cpu.Time()
		if err := t.repeat(); err != nil {
			return t, err
		}
		spent := cpu.Time() - start
		if spent >= slice/4 {
			t.times = max(1, int(float64(t.times)*float64(slice)/float64(spent)))
			return t, nil
		}
		t.times *= 2
	}
}

func (t *turn) repeat() error {
	for range t.times {
		if err := t.do(context.Background()); err != nil {
			return err
		}
	}
	return nil
}

func (t *turn) take() error {
	runtime.GC() // of what the others left
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := cpu.Time()
	err := t.repeat()
	spent := cpu.Time() - start
	runtime.ReadMemStats(&after)
	t.spent = append(t.spent, float64(spent)/float64(t.times))
	t.allocations = append(t.allocations, float64(after.Mallocs-before.Mallocs)/float64(t.times))
	return err
}

func (c Case) figures(turns []turn) []Figures {
	list := make([]Figures, len(turns))
	ours := turns[len(turns)-1].spent
	for i, t := range turns {
		ratios := make([]float64, len(t.spent))
		for round, spent := range t.spent {
			ratios[round] = ours[round] / spent
		}
		list[i] = Figures{
			Case: c.Name, Peer: c.Peers[i].Name, CPU: time.Duration(quantile(t.spent, 0.5)), Allocations: quantile(t.allocations, 0.5),
			Ours: quantile(ratios, 0.5), Low: quantile(ratios, 0.25), High: quantile(ratios, 0.75), Goal: c.Goals[c.Peers[i].Name],
		}
	}
	return list
}

// The words of [Figures.Verdict], besides none for a goal that is reached.
const (
	Missed  = "missed"
	Unclear = "unclear"
)

// Verdict says whether a goal is reached: by instructions if those of ours and of the peer
// were counted, and otherwise by CPU time, with the same result in three quarters of the
// rounds. On a busy machine it is unclear rather than the opposite of what it is.
func (f Figures) Verdict(ours float64) string {
	low, high := f.Low, f.High
	if f.Instructions > 0 {
		low, high = ours/f.Instructions, ours/f.Instructions
	}
	switch {
	case low > f.Goal:
		return Missed
	case high > f.Goal:
		return Unclear
	}
	return ""
}

func quantile(values []float64, q float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[int(q*float64(len(sorted)-1)+0.5)]
}
