package durable

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrationLock is the key of the advisory lock under which one process at a time migrates.
const migrationLock = 0x7465_6e73_6f72_0001

// Migrate creates the tables of River and of this package, or updates them to what this version
// of both needs, in the schema that comes first in the search_path of pool. Processes that
// start together may all call it: an advisory lock lets one at a time do the work. It holds that
// lock on a connection of its own, which must not go through a pooler that shares
// connections between transactions. What has been migrated already is left as it is.
func Migrate(ctx context.Context, pool *pgxpool.Pool) error {
	conn, err := pgx.ConnectConfig(ctx, pool.Config().ConnConfig)
	if err != nil {
		return fmt.Errorf("durable: the tables can't be migrated: %w", err)
	}
	err = migrate(ctx, conn, pool)
	if err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))); err != nil {
		return fmt.Errorf("durable: the tables can't be migrated: %w", err)
	}
	return nil
}

func migrate(ctx context.Context, conn *pgx.Conn, pool *pgxpool.Pool) error {
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", int64(migrationLock)); err != nil {
		return err
	}
	river, err := rivermigrate.New(riverpgxv5.New(pool), &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	if _, err := river.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return err
	}
	const table = `CREATE TABLE IF NOT EXISTS tensorslab_migration (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())`
	if _, err := conn.Exec(ctx, table); err != nil {
		return err
	}
	names, err := fs.Glob(migrations, "migrations/*.sql") // sorted
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error { return apply(ctx, tx, name) }); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// apply runs a migration, unless it was run before.
func apply(ctx context.Context, tx pgx.Tx, name string) error {
	done, err := tx.Exec(ctx, "INSERT INTO tensorslab_migration (name) VALUES ($1) ON CONFLICT DO NOTHING", name)
	if err != nil || done.RowsAffected() == 0 {
		return err
	}
	text, err := migrations.ReadFile(name)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, string(text))
	return err
}
