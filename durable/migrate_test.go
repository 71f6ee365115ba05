package durable

import (
	"errors"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/durable/internal/pgtest"
)

// Processes that start together all migrate, each with a pool of its own.
func TestMigrateTogether(t *testing.T) {
	t.Parallel()
	address := pgtest.Database(t)
	var all sync.WaitGroup
	for range 8 {
		pool := poolAt(t, address)
		all.Go(func() {
			if err := Migrate(t.Context(), pool); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	s := NewStore(poolAt(t, address))
	enqueue(t, s, "a")
	if err := Migrate(t.Context(), s.pool); err != nil {
		t.Fatal(err)
	}
	if e := entryOf(t, s, "a"); e.State != batch.Planned {
		t.Errorf("%+v", e)
	}
}

// The lock needs no connection of the pool, which may have one only.
func TestMigrateWithOneConnection(t *testing.T) {
	t.Parallel()
	config, err := pgxpool.ParseConfig(pgtest.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	config.MaxConns = 1
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	if err := Migrate(t.Context(), pool); err != nil {
		t.Error(err)
	}
}

// Without its tables a store says so.
func TestAStoreThatWasNotMigrated(t *testing.T) {
	t.Parallel()
	s := NewStore(poolAt(t, pgtest.Database(t)))
	_, err := s.Counts(t.Context())
	if !errors.Is(err, batch.ErrJournal) {
		t.Errorf("%v", err)
	}
	for _, err = range s.All(t.Context()) {
	}
	if !errors.Is(err, batch.ErrJournal) {
		t.Errorf("%v", err)
	}
}
