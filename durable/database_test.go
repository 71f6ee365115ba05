package durable

import (
	"context"
	"fmt"
	"net/url"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/tensorslab/tensorslab-go/durable/internal/pgtest"
)

// idle has the addresses of databases whose tests have ended: tables, and nothing in them.
var idle = make(chan string, 100)

// newStore returns a store in a database that no other test has at the time.
func newStore(t *testing.T) *Store {
	t.Helper()
	var address string
	select {
	case address = <-idle:
	default:
		address = newDatabase(t)
	}
	t.Cleanup(func() { // after the cleanups of those who use the store
		pool, err := pgxpool.New(context.Background(), address)
		if err != nil {
			t.Error(err)
			return
		}
		defer pool.Close()
		const empty = `DO $$ BEGIN EXECUTE (SELECT 'TRUNCATE ' || string_agg(quote_ident(tablename), ', ') FROM pg_tables
			WHERE schemaname = 'public' AND tablename NOT LIKE '%migration'); END $$`
		if _, err := pool.Exec(context.Background(), empty); err != nil {
			t.Error(err)
			return
		}
		idle <- address
	})
	return NewStore(poolAt(t, address))
}

var databases atomic.Int32

// newDatabase makes a database that lasts as long as the program, with all tables.
func newDatabase(t *testing.T) string {
	t.Helper()
	u, err := url.Parse(pgtest.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprint("durable", databases.Add(1))
	u.Path = "/postgres"
	if _, err := poolAt(t, u.String()).Exec(t.Context(), "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	return storeAt(t, u.String()).pool.Config().ConnString()
}

func storeAt(t *testing.T, address string) *Store {
	t.Helper()
	pool := poolAt(t, address)
	if err := Migrate(t.Context(), pool); err != nil {
		t.Fatal(err)
	}
	return NewStore(pool)
}

func poolAt(t *testing.T, address string) *pgxpool.Pool {
	t.Helper()
	pool, err := pgxpool.New(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}
