// Package pgtest gives tests a real PostgreSQL.
//
//	func TestStore(t *testing.T) {
//		pool, err := pgxpool.New(t.Context(), pgtest.Database(t))
//		…
//	}
//
// [Database] makes a database for a test, on a server that the first such call of a
// test program starts and that ends with the program, however it ends. It survives a kill of
// its clients, and is not made to survive one of the machine. [Start] is for tests that stop the
// server; it runs with the durability that PostgreSQL has by default. A [Proxy] cuts or
// stalls the connections of one client.
//
// A server listens on a Unix socket in a temporary directory only, and trusts whoever
// can open it: the user of the test, and root. PostgreSQL refuses to run as root, so a
// test of root starts it as the user postgres or nobody.
//
// Where PostgreSQL is not installed the tests are skipped, unless POSTGRES_TESTS=required
// is in the environment; then they fail.
package pgtest

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// EnvRequired is the environment variable that is "required" where PostgreSQL must not be missing.
const EnvRequired = "POSTGRES_TESTS"

// shared is the server of all calls of Database. It lasts as long as the program.
var shared = sync.OnceValues(func() (*Server, error) {
	s, err := newServer("fsync=off", "full_page_writes=off")
	if err == nil {
		err = s.start()
	}
	return s, err
})

// databases counts those that were made, for their names.
var databases atomic.Int64

// Database returns the address of an empty database, as a URL for pgx. The database is
// dropped when the test ends, with the connections that are open then.
func Database(tb testing.TB) string {
	tb.Helper()
	need(tb)
	s, err := shared()
	if err != nil {
		tb.Fatal(err)
	}
	return s.Database(tb)
}

// Database is like the function of this name, on this server, which must be running now. The
// database is dropped only if the server runs when the test ends.
func (s *Server) Database(tb testing.TB) string {
	tb.Helper()
	name := fmt.Sprintf("test%d", databases.Add(1))
	if err := s.do(tb.Context(), "CREATE DATABASE "+name); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if !s.running() {
			return
		}
		// The context of the test has ended.
		if err := s.do(context.Background(), "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
			tb.Error(err)
		}
	})
	return address(s.dir, name)
}

// do carries out a statement as the superuser.
func (s *Server) do(ctx context.Context, statement string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	conn, err := pgx.Connect(ctx, address(s.dir, superuser))
	if err != nil {
		return fmt.Errorf("pgtest: %w", err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, statement); err != nil {
		return fmt.Errorf("pgtest: %s: %w", statement, err)
	}
	return nil
}

// superuser is the name of the only user, and of the database that always exists.
const superuser = "postgres"

// patience bounds each wait for a server, on a machine that does much else.
const patience = 2 * time.Minute

func address(dir, database string) string {
	return fmt.Sprintf("postgres://%s@/%s?host=%s&sslmode=disable", superuser, database, dir)
}

// need skips a test, or fails it where that is not allowed, if there is no PostgreSQL.
func need(tb testing.TB) {
	tb.Helper()
	if _, err := binaries(); err != nil {
		without(tb, err, os.Getenv(EnvRequired))
	}
}

func without(tb testing.TB, err error, required string) {
	tb.Helper()
	if required == "required" {
		tb.Fatalf("%v, and %s=required", err, EnvRequired)
	}
	tb.Skip(strings.TrimPrefix(err.Error(), "pgtest: "))
}
