package pgtest

import (
	"slices"
	"testing"
)

// What was committed is there after each kind of end, and the address stays the same.
func TestServersStopAndStartAgain(t *testing.T) {
	t.Parallel()
	s, address := Start(t)
	mustRun(t, address, "CREATE TABLE things (id int)")
	var want []int
	for i, end := range []func(testing.TB){s.Stop, s.Crash, s.Stop} {
		mustRun(t, address, "INSERT INTO things VALUES ($1)", i)
		want = append(want, i)
		end(t)
		end(t) // does nothing
		if got, err := rows(t, address, "SELECT id FROM things"); err == nil {
			t.Errorf("a server that has stopped says %v", got)
		}
		s.Start(t)
		s.Start(t) // does nothing
		if got := mustRun(t, address, "SELECT id FROM things ORDER BY id"); !slices.Equal(got, want) {
			t.Errorf("after end %d there is %v, want %v", i, got, want)
		}
	}
}

// Only the server that tests share may lose what it has committed with the machine.
func TestServersOfTheirOwnAreDurable(t *testing.T) {
	t.Parallel()
	const synced = "SELECT count(*)::int FROM pg_settings WHERE name = 'fsync' AND setting = 'on'"
	_, own := Start(t)
	if own, shared := mustRun(t, own, synced), mustRun(t, Database(t), synced); own[0] != 1 || shared[0] != 0 {
		t.Errorf("fsync: %v for a server of one test, %v for the one that is shared", own, shared)
	}
}
