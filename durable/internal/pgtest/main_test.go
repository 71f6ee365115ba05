package pgtest

import (
	"fmt"
	"os"
	"testing"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"
)

// envChild makes the test program start a server and wait to be killed.
const envChild = "PGTEST_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(envChild) != "" {
		s, err := shared()
		fmt.Println(s.dir, err)
		select {}
	}
	goleak.VerifyTestMain(m)
}

// rows returns what a statement returns as its first column, through a connection of its own.
func rows(t *testing.T, address, statement string, args ...any) ([]int, error) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		return nil, err
	}
	defer conn.Close(t.Context())
	result, err := conn.Query(t.Context(), statement, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(result, pgx.RowTo[int])
}

func mustRun(t *testing.T, address, statement string, args ...any) []int {
	t.Helper()
	got, err := rows(t, address, statement, args...)
	if err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	return got
}
