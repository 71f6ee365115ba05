//go:build !windows

package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

var (
	signalsFor = flag.Duration("signals", 0, "how long TestSignalsAtRandom runs; 0 means 12 rounds")
	signalSeed = flag.Uint64("signalseed", 0, "seed of that test's first round; 0 means any")
)

// Whenever one or two signals come, the command tells of each task that the service
// created and of each id that is not confirmed deleted, sends no generation twice and
// leaves no temporary file. Each round runs one command; its seed is printed if it fails.
// It runs 12 rounds, or for ten minutes with -signals=10m, and repeats a round with
// -signalseed=N.
func TestSignalsAtRandom(t *testing.T) {
	t.Parallel()
	seed := *signalSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	seen, rounds := map[string]int{}, uint64(0)
	for start := time.Now(); rounds < 12 || time.Since(start) < *signalsFor; rounds++ {
		ok := t.Run(fmt.Sprint("seed ", seed+rounds), func(t *testing.T) {
			r := newSignalRound(t, seed+rounds)
			switch {
			case r.in(3):
				seen["delete "+r.delete(t)]++
			case r.in(2):
				seen["generate "+r.generate(t)]++
			default:
				seen["generate --out "+r.generate(t, "--wait", "--out", r.out)]++
			}
		})
		if !ok {
			t.Fatalf("to see it again: -run TestSignalsAtRandom -signalseed=%d", seed+rounds)
		}
	}
	t.Logf("%d rounds from seed %d: %v", rounds, seed, seen)
}

// signalRound is one command, which signals end.
type signalRound struct {
	*rand.Rand
	fake                *fakeapi.Server
	dir, out, temporary string

	twice          bool
	status         int // -1 if a signal ended it before it was ready for any
	stdout, stderr string
}

func newSignalRound(t *testing.T, seed uint64) *signalRound {
	t.Helper()
	dir := t.TempDir()
	return &signalRound{Rand: rand.New(rand.NewPCG(seed, seed)), dir: dir, out: filepath.Join(dir, "out"), temporary: t.TempDir()}
}

// in returns true once in n times.
func (r *signalRound) in(n int) bool { return r.IntN(n) == 0 }

func (r *signalRound) upTo(most time.Duration) time.Duration {
	return time.Duration(r.Int64N(int64(most)))
}

// start starts a fake service that takes its time for each response.
func (r *signalRound) start(t *testing.T, opts ...fakeapi.Option) {
	t.Helper()
	r.fake = fakeapi.Start(t, opts...)
	for range 40 {
		late := fakeapi.Delay(r.upTo(60 * time.Millisecond))
		if r.in(2) {
			late = late.AfterActing()
		}
		r.fake.FailNext(1, late)
		r.fake.ImageHost().FailNext(1, fakeapi.Delay(r.upTo(60*time.Millisecond)))
	}
}

// run runs the command, signals it and waits for its end. Then it closes the fake, whose
// record is final after that.
func (r *signalRound) run(t *testing.T, args ...string) {
	t.Helper()
	cmd := built(within(t), r.fake, args...)
	cmd.Env = append(cmd.Env, "TMPDIR="+r.temporary)
	var stdout, stderr strings.Builder
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	var err error
	go func() {
		defer close(ended)
		err = cmd.Wait()
	}()
	r.awaitMoment(ended)
	r.signal(cmd.Process)
	<-ended
	r.status = exitStatus(t, err)
	r.stdout, r.stderr = stdout.String(), stderr.String()
	if err := r.fake.Close(); err != nil {
		t.Error(err)
	}
	requests := len(r.fake.Requests())
	unknown := r.status == cli.Unknown && strings.Contains(r.stderr, "may exist")
	if r.status != cli.OK && r.status != cli.Interrupted && !unknown && (r.status != -1 || requests > 0) {
		t.Errorf("exit status %d after %d requests", r.status, requests)
	}
	clitest.WantText(t, "temporary files", clitest.NamesIn(t, r.temporary), "")
	if strings.Contains(r.stdout+r.stderr, clitest.Key) {
		t.Error("the key is in the output")
	}
}

// awaitMoment waits for a random moment, in most rounds one after the command has begun to
// send requests.
func (r *signalRound) awaitMoment(ended <-chan struct{}) {
	if r.in(4) {
		time.Sleep(r.upTo(500 * time.Millisecond))
		return
	}
	for first, over := 1+r.IntN(2), false; len(r.fake.Requests()) < first && !over; {
		select {
		case <-ended:
			over = true
		case <-time.After(time.Millisecond):
		}
	}
	time.Sleep(r.upTo(100 * time.Millisecond))
}

// signal sends one or two signals. An error means that the command has ended.
func (r *signalRound) signal(process *os.Process) {
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	_ = process.Signal(signals[r.IntN(2)])
	if r.twice = r.in(2); r.twice {
		time.Sleep(r.upTo(1 << r.IntN(27))) // up to 67 ms, and often far less
		_ = process.Signal(signals[r.IntN(2)])
	}
}
