package bench

import (
	"context"
	"errors"
	"fmt"
	"testing"
)

func TestPurgersDeleteEachIDOnce(t *testing.T) {
	for _, p := range purgers {
		for _, n := range []int{0, 1, 100, 1234} {
			t.Run(fmt.Sprintf("%s/%d", p.name, n), func(t *testing.T) {
				t.Parallel()
				seen := &record{}
				purge, err := p.open(startService(t, seen.serve(success)).URL, newTransport(t))
				if err != nil {
					t.Fatal(err)
				}
				if confirmed, err := purge(t.Context(), manyIDs(n)); err != nil || confirmed != n {
					t.Fatalf("confirmed %d of %d ids, error %v", confirmed, n, err)
				}
				seen.wantEachOnce(t, taskIDs(n))
			})
		}
	}
}

func TestPurgersCountRefusalsAsFailures(t *testing.T) {
	for _, p := range purgers {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			seen := &record{}
			purge, err := p.open(startService(t, seen.serve(failure)).URL, newTransport(t))
			if err != nil {
				t.Fatal(err)
			}
			if confirmed, err := purge(t.Context(), manyIDs(250)); err == nil || confirmed != 0 {
				t.Errorf("confirmed %d ids, error %v; want none and an error", confirmed, err)
			}
		})
	}
}

func TestPoolKeepsFewErrors(t *testing.T) {
	want := errors.New("refused")
	pool := poolOf(func(context.Context, []string) error { return want }, 1, 4)
	_, err := pool(t.Context(), manyIDs(100))
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok || len(joined.Unwrap()) != maxErrors || !errors.Is(err, want) {
		t.Errorf("got %v, want the error %d times", err, maxErrors)
	}
}
