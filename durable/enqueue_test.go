package durable

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/durable/internal/pgtest"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// inTx enqueues jobs in a transaction that commits unless that fails.
func inTx(t *testing.T, s *Store, jobs ...batch.Job) error {
	t.Helper()
	return pgx.BeginFunc(t.Context(), s.pool, func(tx pgx.Tx) error { return EnqueueMany(t.Context(), tx, jobs) })
}

func count(t *testing.T, s *Store, query string, args ...any) (n int) {
	t.Helper()
	if err := s.pool.QueryRow(t.Context(), "SELECT count(*) FROM "+query, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// A job exists if the caller's transaction commits, and so does the one of River.
func TestEnqueueIsPartOfTheTransaction(t *testing.T) {
	t.Parallel()
	s := storeAt(t, pgtest.Database(t))
	if _, err := s.pool.Exec(t.Context(), "CREATE TABLE picture_order (id text PRIMARY KEY)"); err != nil {
		t.Fatal(err)
	}
	for _, commits := range []bool{false, true} {
		tx, err := s.pool.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tx.Exec(t.Context(), "INSERT INTO picture_order VALUES ('order-1')"); err != nil {
			t.Fatal(err)
		}
		if err := Enqueue(t.Context(), tx, job("order-1", "a fox")); err != nil {
			t.Fatal(err)
		}
		end, want := tx.Rollback, 0
		if commits {
			end, want = tx.Commit, 1
		}
		if err := end(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, table := range []string{"picture_order", "tensorslab_job", "river_job"} {
			if n := count(t, s, table); n != want {
				t.Errorf("commit %t: %d rows of %s, want %d", commits, n, table, want)
			}
		}
	}
}

func TestEnqueueAgain(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	for range 2 {
		if err := inTx(t, s, job("a", "a fox"), job("b", "a hare"), job("a", "a fox")); err != nil {
			t.Fatal(err)
		}
	}
	for name, jobs := range map[string][]batch.Job{
		"than before":  {job("c", "a hen"), job("a", "another fox")},
		"of one call":  {job("d", "a hen"), job("d", "a goose")},
		"in its model": {{Key: "b", Request: wrapper.GenerateRequest{Prompt: "a hare", Model: wrapper.ModelZImage}}},
	} {
		if err := inTx(t, s, jobs...); !errors.Is(err, ErrOtherRequest) {
			t.Errorf("another request %s: %v", name, err)
		}
	}
	if jobs, rivers := count(t, s, "tensorslab_job"), count(t, s, "river_job"); jobs != 2 || rivers != 2 {
		t.Errorf("%d jobs, %d of River", jobs, rivers)
	}
}

// A transaction can go on after a job that can't be enqueued.
func TestATransactionGoesOn(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	enqueue(t, s, "a")
	err := pgx.BeginFunc(t.Context(), s.pool, func(tx pgx.Tx) error {
		if err := Enqueue(t.Context(), tx, job("a", "another")); !errors.Is(err, ErrOtherRequest) {
			t.Errorf("%v", err)
		}
		return Enqueue(t.Context(), tx, job("b", "a hare"))
	})
	if err != nil || count(t, s, "tensorslab_job") != 2 {
		t.Errorf("%v", err)
	}
}

func TestJobsThatCannotBeEnqueued(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	withSource := job("a", "a fox")
	withSource.Request.Sources = slices.Grow(withSource.Request.Sources, 1)[:1]
	for name, j := range map[string]batch.Job{
		"no key":            job("", "a fox"),
		"a long key":        job(strings.Repeat("k", 513), "a fox"),
		"a key of bytes":    job("\xff", "a fox"),
		"a key with zero":   job("a\x00b", "a fox"),
		"a prompt of bytes": job("a", "\xff"),
		"a zero byte":       job("a", "a\x00fox"),
		"sources":           withSource,
	} {
		err := inTx(t, s, job("good", "a hare"), j)
		if !errors.Is(err, ErrInvalidJob) || strings.ContainsAny(err.Error(), "\n\x00") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := count(t, s, "tensorslab_job"); n != 0 {
		t.Errorf("%d jobs", n)
	}
}

// What was enqueued is what is sent.
func TestRequestsAreKeptAsTheyAre(t *testing.T) {
	t.Parallel()
	seed := 0
	for name, r := range map[string]wrapper.GenerateRequest{
		"all of zimage": {Model: wrapper.ModelZImage, Prompt: "a \"fox\"\n\\ ☃ 'q' \u2028", Resolution: "1024*1024", Seed: &seed, ExtendPrompt: true},
		"all of v4":     {Model: wrapper.ModelSeeDreamV4, Prompt: "p", Resolution: "1:1", Count: 3, ImageURL: "https://example.com/a.png?x=1&y=2"},
		"a default":     {Prompt: "p"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStore(t)
			if err := inTx(t, s, batch.Job{Key: "k", Request: r}); err != nil {
				t.Fatal(err)
			}
			c, err := s.claim(t.Context(), "k", "attempt", 1, patience)
			if r.Model == "" {
				r.Model = wrapper.ModelSeeDreamV45
			}
			if diff := cmp.Diff(r, c.request); diff != "" || err != nil || c.standing != isClaimed {
				t.Errorf("%v %v %s", c, err, diff)
			}
		})
	}
}
