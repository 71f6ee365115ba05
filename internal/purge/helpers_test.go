package purge

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// What the tests of this package share.

var (
	errKept    = errors.New("kept back")
	errAborted = errors.New("aborted")
	errRefused = errors.New("refused")
	errBlank   = errors.New("blank")
	errDown    = errors.New("the service is down")
	errKey     = errors.New("the key was refused")
)

func numbered(n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = fmt.Sprintf("task_%07d", i)
	}
	return ids
}

// service decides what comes of each batch, and remembers the batches.
type service struct {
	decide func(ctx context.Context, ids []string, doubt bool) Verdict

	mu      sync.Mutex
	batches [][]string
}

func (s *service) send(ctx context.Context, ids []string, doubt bool) Verdict {
	s.mu.Lock()
	s.batches = append(s.batches, slices.Clone(ids))
	s.mu.Unlock()
	if s.decide == nil {
		return Verdict{}
	}
	return s.decide(ctx, ids, doubt)
}

// sizes returns the sizes of the batches that were sent, in ascending order.
func (s *service) sizes() []int {
	s.mu.Lock()
	defer s.mu.Unlock()
	var sizes []int
	for _, b := range s.batches {
		sizes = append(sizes, len(b))
	}
	slices.Sort(sizes)
	return sizes
}

// options completes opts. Blank ids can't be sent.
func (s *service) options(opts Options) Options {
	opts.Send = s.send
	opts.Check = func(id string) error {
		if id == "" {
			return errBlank
		}
		return nil
	}
	opts.NotSent = func(reason, refused error) error {
		if refused != nil {
			return fmt.Errorf("%w, %w: %w", errKept, refused, reason)
		}
		return fmt.Errorf("%w: %w", errKept, reason)
	}
	return opts
}

// source yields ids, counts what is pulled, and fails the test if it is pulled
// concurrently.
type source struct {
	ids    []string
	pulled int
	before func(pulled int) // called before each id, or nil
}

func (s *source) all() iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, id := range s.ids {
			if s.before != nil {
				s.before(s.pulled)
			}
			s.pulled++
			if !yield(id) {
				return
			}
		}
	}
}

// outcomes collects what a run yields, and checks that no id comes twice.
func outcomes(t *testing.T, run iter.Seq2[[]string, error]) map[string]error {
	t.Helper()
	got := map[string]error{}
	for ids, err := range run {
		if len(ids) == 0 {
			t.Errorf("a batch without ids: %v", err)
		}
		for _, id := range ids {
			if _, twice := got[id]; twice && id != "" {
				t.Errorf("%q is yielded twice", id)
			}
			got[id] = err
		}
	}
	return got
}
