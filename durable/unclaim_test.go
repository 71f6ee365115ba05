package durable

import (
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/batch"
)

// A claim that is still being committed when its process gives it up does not leave a row that nobody
// submits.
func TestUnclaimWaitsForTheClaim(t *testing.T) {
	t.Parallel()
	for name, commit := range map[string]bool{"committed": true, "rolled back": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStore(t)
			enqueue(t, s, "fox")
			tx, err := s.pool.Begin(t.Context()) // as Store.claim does, up to its commit
			if err != nil {
				t.Fatal(err)
			}
			defer tx.Rollback(t.Context())
			if _, err := tx.Exec(t.Context(), "SELECT pg_advisory_xact_lock($1)", int64(claimLock)); err != nil {
				t.Fatal(err)
			}
			if _, err := tx.Exec(t.Context(), "UPDATE tensorslab_job SET state = 'submitting', attempt = 'a', lease_until = now() + interval '1 minute', submissions = 1"); err != nil {
				t.Fatal(err)
			}
			undone := make(chan error, 1)
			go func() { undone <- s.unclaim(t.Context(), claim{key: "fox", attempt: "a"}) }()
			select {
			case err := <-undone:
				t.Errorf("unclaim did not wait: %v", err)
				undone <- err
			case <-time.After(100 * time.Millisecond):
			}
			if commit {
				err = tx.Commit(t.Context())
			} else {
				err = tx.Rollback(t.Context())
			}
			if err != nil {
				t.Fatal(err)
			}
			if err := <-undone; err != nil {
				t.Fatal(err)
			}
			var paid int
			if err := s.pool.QueryRow(t.Context(), "SELECT submissions FROM tensorslab_job").Scan(&paid); err != nil || paid != 0 {
				t.Errorf("%d submissions, %v", paid, err)
			}
			if e := entryOf(t, s, "fox"); e.State != batch.Planned {
				t.Errorf("%+v", e)
			}
		})
	}
}

// The claim of another attempt is left as it is.
func TestUnclaimIsOfOneAttempt(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	enqueue(t, s, "fox")
	if c, err := s.claim(t.Context(), "fox", "other", 1, time.Minute); err != nil || c.standing != isClaimed {
		t.Fatal(c, err)
	}
	if err := s.unclaim(t.Context(), claim{key: "fox", attempt: "mine"}); err != nil {
		t.Fatal(err)
	}
	if e := entryOf(t, s, "fox"); e.State != batch.Submitting {
		t.Errorf("%+v", e)
	}
}
