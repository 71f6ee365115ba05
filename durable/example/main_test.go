package main

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/durable"
	"github.com/tensorslab/tensorslab-go/durable/internal/pgtest"
	"github.com/tensorslab/tensorslab-go/fakeapi"
	_ "github.com/tensorslab/tensorslab-go/internal/testkit/frozen"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// envProgram makes the test program be the example.
const envProgram = "EXAMPLE_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(envProgram) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// patience bounds each wait, on a machine that does much else.
const patience = 2 * time.Minute

const key = "your-api-key"

// process is a run of the example.
type process struct {
	cmd    *exec.Cmd
	stderr bytes.Buffer
}

// start returns when the process works: it listens for jobs.
func start(t *testing.T, service *fakeapi.Server, pool *pgxpool.Pool, dir string, prompts ...string) *process {
	t.Helper()
	name := rand.Text()
	database := pool.Config().ConnString() + "&application_name=" + name
	p := &process{cmd: exec.CommandContext(t.Context(), os.Args[0], prompts...)}
	p.cmd.Dir, p.cmd.Stderr = dir, &p.stderr
	p.cmd.Env = append(os.Environ(), envProgram+"=1", "DATABASE_URL="+database, wrapper.EnvAPIKey+"="+key, wrapper.EnvBaseURL+"="+service.URL)
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	waitUntil(t, "a process that listens", func() bool {
		var n int
		err := pool.QueryRow(t.Context(), "SELECT count(*) FROM pg_stat_activity WHERE application_name = $1 AND query LIKE 'LISTEN%'", name).Scan(&n)
		if err != nil {
			t.Fatal(err)
		}
		return n > 0
	})
	return p
}

// stop ends a process as an operator does, and expects that it ends in order.
func (p *process) stop(t *testing.T) {
	t.Helper()
	if err := errors.Join(p.cmd.Process.Signal(syscall.SIGTERM), p.cmd.Wait()); err != nil {
		t.Errorf("%v: %s", err, p.stderr.String())
	}
	if bytes.Contains(p.stderr.Bytes(), []byte(key)) {
		t.Errorf("the key is in %s", p.stderr.String())
	}
}

// Two processes, one of which stops midway, make one picture of each prompt; and none again if
// the program is run once more.
func TestProgram(t *testing.T) {
	pool := migrated(t, pgtest.Database(t))
	service := fakeapi.Start(t, fakeapi.WithStrict(), fakeapi.WithKey(key), fakeapi.WithTaskLife(fakeapi.TaskLife{}))
	dir := t.TempDir()
	store := durable.NewStore(pool)
	prompts := []string{"a fox", "the sea", "an owl", "a hut"}
	first, second := start(t, service, pool, dir, prompts...), start(t, service, pool, dir, prompts...)
	waitUntil(t, "a picture", func() bool { return len(service.Tasks()) > 0 && saved(t, store) > 0 })
	first.stop(t)
	waitUntil(t, "all pictures", func() bool { return saved(t, store) == len(prompts) })
	second.stop(t)
	again := start(t, service, pool, dir, prompts...)
	time.Sleep(500 * time.Millisecond) // there is nothing that it should do
	again.stop(t)

	files, err := filepath.Glob(filepath.Join(dir, "pictures", "*", "*.png"))
	if made := service.Tasks(); len(made) != len(prompts) || len(files) != len(prompts) || err != nil {
		t.Errorf("tasks %q, files %q, %v", made, files, err)
	}
}

func migrated(t *testing.T, database string) *pgxpool.Pool {
	t.Helper()
	pool, err := pgxpool.New(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	if err := durable.Migrate(t.Context(), pool); err != nil {
		t.Fatal(err)
	}
	return pool
}

func saved(t *testing.T, store *durable.Store) int {
	t.Helper()
	counts, err := store.Counts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return int(counts[batch.Saved])
}

func waitUntil(t *testing.T, what string, reached func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !reached(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("there is not %s", what)
		}
	}
}

// A user's program is short.
func TestProgramIsShort(t *testing.T) {
	text, err := fs.ReadFile(os.DirFS("."), "main.go")
	if lines := bytes.Count(text, []byte("\n")); err != nil || lines >= 60 {
		t.Errorf("main.go has %d lines, %v", lines, err)
	}
}
