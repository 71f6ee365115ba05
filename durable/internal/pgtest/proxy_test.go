package pgtest

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

func connect(t *testing.T, address string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

func ask(ctx context.Context, conn *pgx.Conn) error {
	var one int
	return conn.QueryRow(ctx, "SELECT 1").Scan(&one)
}

func TestProxyCuts(t *testing.T) {
	t.Parallel()
	p := NewProxy(t, Database(t))
	conn := connect(t, p.Address())
	if err := ask(t.Context(), conn); err != nil {
		t.Fatal(err)
	}
	p.Cut()
	if err := ask(t.Context(), conn); err == nil {
		t.Error("a connection outlived the cut")
	}
	if got, err := pgx.Connect(t.Context(), p.Address()); err == nil {
		t.Errorf("a connection was made during the cut: %v", got)
	}
	p.Restore()
	if err := ask(t.Context(), connect(t, p.Address())); err != nil {
		t.Errorf("after the cut: %v", err)
	}
}

func TestProxyStalls(t *testing.T) {
	t.Parallel()
	p := NewProxy(t, Database(t))
	conn := connect(t, p.Address())
	p.Stall()
	asked := make(chan error, 1)
	go func() { asked <- ask(context.Background(), conn) }()
	select {
	case err := <-asked:
		t.Errorf("a response came through: %v", err)
	case <-time.After(50 * time.Millisecond):
	}
	p.Restore()
	if err := <-asked; err != nil {
		t.Errorf("after the stall: %v", err)
	}
}

func TestProxyCutsWhatIsStalled(t *testing.T) {
	t.Parallel()
	p := NewProxy(t, Database(t))
	conn := connect(t, p.Address())
	p.Stall()
	asked := make(chan error, 1)
	go func() { asked <- ask(context.Background(), conn) }()
	time.Sleep(20 * time.Millisecond)
	p.Cut()
	if err := <-asked; err == nil {
		t.Error("a response came through")
	}
}

// Each client has its own proxy, and the others go on.
func TestProxiesAreIndependent(t *testing.T) {
	t.Parallel()
	address := Database(t)
	one, other := NewProxy(t, address), NewProxy(t, address)
	one.Cut()
	for name, address := range map[string]string{"direct": address, "through the other": other.Address()} {
		if err := ask(t.Context(), connect(t, address)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
