package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"go.uber.org/goleak"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/durable"
	"github.com/tensorslab/tensorslab-go/durable/internal/pgtest"
	_ "github.com/tensorslab/tensorslab-go/internal/testkit/frozen"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// newDatabase returns a database with a job in each of some states, whose keys are the names
// of the states.
func newDatabase(t *testing.T) (address string, s *durable.Store) {
	t.Helper()
	address = pgtest.Database(t)
	pool, err := pgxpool.New(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	if err := durable.Migrate(t.Context(), pool); err != nil {
		t.Fatal(err)
	}
	err = pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error {
		for _, key := range []string{"planned", "in-doubt", "failed", "saved"} {
			job := batch.Job{Key: key, Request: wrapper.GenerateRequest{Prompt: "a \x1b[31mred " + key}}
			if err := durable.Enqueue(t.Context(), tx, job); err != nil {
				return err
			}
		}
		_, err := tx.Exec(t.Context(), `UPDATE tensorslab_job SET state = key, submitted_at = now(),
			task_id = CASE WHEN key IN ('failed', 'saved') THEN 'task-' || key END, files = CASE WHEN key = 'saved' THEN '{a.png}'::text[] ELSE '{}' END`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return address, durable.NewStore(pool)
}

func program(ctx context.Context, database string, args ...string) (status int, stdout, stderr string) {
	var out, said bytes.Buffer
	status = run(ctx, args, database, &out, &said)
	return status, out.String(), said.String()
}

func TestList(t *testing.T) {
	t.Parallel()
	database, _ := newDatabase(t)
	for args, want := range map[string][]string{
		"list":                               {"planned", "in-doubt", "failed", "saved"},
		"list --state in-doubt":              {"in-doubt"},
		"list --state failed,saved":          {"failed", "saved"},
		"list --state=deleted":               nil,
		"list --json --state planned,failed": {"planned", "failed"},
	} {
		t.Run(args, func(t *testing.T) {
			t.Parallel()
			status, out, said := program(t.Context(), database, strings.Fields(args)...)
			lines := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
			if out == "" {
				lines = nil
			}
			if status != 0 || said != "" || len(lines) != len(want) || strings.Contains(out, "\x1b") {
				t.Fatalf("status %d, %q\n%s", status, said, out)
			}
			for i, line := range lines {
				if !strings.Contains(line, want[i]) {
					t.Errorf("line %d is %q, want %s", i, line, want[i])
				}
			}
		})
	}
}

// What --json prints is a journal, with everything that the store has.
func TestListPrintsAJournal(t *testing.T) {
	t.Parallel()
	database, store := newDatabase(t)
	status, out, said := program(t.Context(), database, "list", "--json")
	path := filepath.Join(t.TempDir(), "tasks.jsonl")
	if err := os.WriteFile(path, []byte(out), 0o600); err != nil || status != 0 {
		t.Fatal(status, said, err)
	}
	journal, err := batch.ReadJournal(path)
	if err != nil {
		t.Fatal(err)
	}
	defer journal.Close()
	for _, key := range []string{"planned", "in-doubt", "failed", "saved"} {
		got, ok, err := journal.Get(t.Context(), key)
		want, _, wantErr := store.Get(t.Context(), key)
		if err != nil || wantErr != nil || !ok {
			t.Fatal(err, wantErr, ok)
		}
		if got.State != want.State || got.TaskID != want.TaskID || got.Request != want.Request || len(got.Files) != len(want.Files) || !got.Time.Equal(want.Time) {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
}

func TestCount(t *testing.T) {
	t.Parallel()
	database, _ := newDatabase(t)
	status, out, said := program(t.Context(), database, "count")
	want := "planned\t1\nsubmitting\t0\nsubmitted\t0\ncompleted\t0\nsaved\t1\nfailed\t1\nin-doubt\t1\nrefused\t0\ndeleted\t0\n"
	if status != 0 || said != "" || out != want {
		t.Errorf("status %d, %q\n%s", status, said, out)
	}
}

func TestDecisions(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]struct {
		status int
		key    string
		state  batch.State
	}{
		"resolve in-doubt task-1":     {0, "in-doubt", batch.Submitted},
		"resolve in-doubt task-saved": {1, "in-doubt", batch.InDoubt}, // another job has it
		"resolve saved task-1":        {1, "saved", batch.Saved},
		"resubmit in-doubt":           {0, "in-doubt", batch.Planned},
		"resubmit failed":             {0, "failed", batch.Planned},
		"resubmit saved":              {1, "saved", batch.Saved},
		"resubmit planned":            {1, "planned", batch.Planned},
		"cancel planned":              {0, "planned", batch.Refused},
		"cancel in-doubt":             {1, "in-doubt", batch.InDoubt},
		"cancel nobody":               {1, "", 0},
	} {
		t.Run(args, func(t *testing.T) {
			t.Parallel()
			database, store := newDatabase(t)
			status, out, said := program(t.Context(), database, strings.Fields(args)...)
			if status != want.status || (out == "") != (status != 0) || strings.Count(said, "\n") != status {
				t.Errorf("status %d, %q, %q", status, out, said)
			}
			if e, ok, err := store.Get(t.Context(), want.key); err != nil || e.State != want.state || ok != (want.key != "") {
				t.Errorf("%+v, %v, %v", e, ok, err)
			}
		})
	}
}

// The task of a job that failed stays known after the job is sent again.
func TestStrays(t *testing.T) {
	t.Parallel()
	database, _ := newDatabase(t)
	if status, _, said := program(t.Context(), database, "resubmit", "failed"); status != 0 {
		t.Fatal(said)
	}
	if status, out, said := program(t.Context(), database, "strays"); status != 0 || out != "task-failed\tfailed\n" {
		t.Errorf("status %d, %q, %q", status, out, said)
	}
}

func TestUsage(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]int{
		"": 2, "nothing": 2, "list all": 2, "list --state none": 2, "list --other": 2, "count --json": 2, "resolve key": 2, "resolve a b c": 2,
		"resubmit": 2, "cancel": 2, "help": 0, "list --help": 0, "count -h": 0,
	} {
		t.Run(args, func(t *testing.T) {
			t.Parallel()
			status, out, said := program(t.Context(), "postgres://nobody@/none?host=/nowhere", strings.Fields(args)...)
			if status != want || !strings.Contains(out+said, "Usage: tensorslab-jobs") || (out != "") != (want == 0) {
				t.Errorf("status %d, %q, %q", status, out, said)
			}
		})
	}
}

// No password is printed.
func TestDatabasesThatDoNotWork(t *testing.T) {
	t.Parallel()
	const password = "hunter2-0123456789"
	for database, want := range map[string]int{
		"": 2,
		"postgres://user:" + password + "@/none?host=/nowhere":               1,
		"postgres://user:" + password + "@127.0.0.1:1/none":                  1,
		"postgres://user:" + password + "@127.0.0.1:x/none":                  1,
		"postgres://user:" + password + "@127.0.0.1/none?sslmode=everything": 1,
	} {
		t.Run(database, func(t *testing.T) {
			t.Parallel()
			status, out, said := program(t.Context(), database, "count")
			if status != want || out != "" || said == "" || strings.Contains(said, password) || strings.Count(said, "\n") != 1 {
				t.Errorf("status %d, %q, %q", status, out, said)
			}
		})
	}
}
