package images

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/idlist"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/service"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

func outcomesOf(t *testing.T, ids ...string) *outcomes {
	t.Helper()
	list := idlist.New()
	if err := addAll(list, ids); err != nil {
		t.Fatal(err)
	}
	return newOutcomes(list)
}

func TestOutcomeOf(t *testing.T) {
	t.Parallel()
	both := fmt.Errorf("%w, %w", wrapper.ErrDeleteFailed, wrapper.ErrOutcomeUnknown)
	for _, tt := range []struct {
		err         error
		want        outcome
		name, words string
	}{
		{nil, deleted, "deleted", "deleted"},
		{wrapper.ErrDeleteFailed, refused, "refused", "refused"},
		{wrapper.ErrUnauthorized, refused, "refused", "refused"},
		{wrapper.ErrNotSent, notSent, "not_sent", "not sent"},
		{wrapper.ErrOutcomeUnknown, unknown, "unknown", "unknown"},
		{both, unknown, "unknown", "unknown"},
	} {
		got := outcomeOf(tt.err)
		if got != tt.want || got.String() != tt.name || got.words() != tt.words {
			t.Errorf("outcomeOf(%v) = %d %s %q, want %d %s %q", tt.err, got, got, got.words(), tt.want, tt.name, tt.words)
		}
	}
}

func TestOutcomes(t *testing.T) {
	t.Parallel()
	a := outcomesOf(t, "a", "b", "c", "d", "e", "f")
	a.record([]string{"f", "b"}, deleted)
	a.record([]string{"a"}, refused)
	a.record([]string{"c"}, unknown)
	a.record([]string{"d"}, notSent)
	a.record([]string{"not in the list"}, deleted)
	if diff := cmp.Diff([]string{"a", "c", "d", "e"}, slices.Collect(a.left())); diff != "" {
		t.Errorf("left (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"e"}, a.with(pending)); diff != "" {
		t.Errorf("pending (-want +got):\n%s", diff)
	}
	want := tally{total: 6, deleted: 2, refused: 1, notSent: 2, unknown: 1}
	if got := a.tally(); got != want || got.left() != 4 {
		t.Errorf("tally %+v, want %+v", got, want)
	}
	for id := range a.left() {
		clitest.WantText(t, "first one left", id, "a")
		break
	}
}

// A second Ctrl-C reads the outcomes while batches are recorded.
func TestOutcomesConcurrently(t *testing.T) {
	t.Parallel()
	ids := service.TaskIDs(1000)
	a := outcomesOf(t, ids...)
	var wg sync.WaitGroup
	for batch := range slices.Chunk(ids, 100) {
		wg.Add(2)
		go func() { defer wg.Done(); a.record(batch, deleted) }()
		go func() {
			defer wg.Done()
			if n := len(slices.Collect(a.left())); n%100 != 0 {
				t.Errorf("%d left: half a batch was recorded", n)
			}
		}()
	}
	wg.Wait()
	if got := a.tally(); got.deleted != len(ids) {
		t.Errorf("tally %+v", got)
	}
}
