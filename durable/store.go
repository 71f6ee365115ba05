package durable

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// Store is the table of jobs in Postgres. It is a [batch.Journal], which shows the jobs and
// takes the decisions of people; see [Store.Put]. A store is for one account of the service, whose
// plan Options.Parallel is about; another one needs tables in another schema. It is safe for concurrent use by any number of
// goroutines and processes.
type Store struct{ pool *pgxpool.Pool }

var _ batch.Journal = (*Store)(nil)

// NewStore returns the store whose tables [Migrate] has created. The tables are found by
// the search_path of pool, and so must be those of River. The pool stays the caller's.
func NewStore(pool *pgxpool.Pool) *Store { return &Store{pool} }

// ErrNoJob: the store has no job with this key.
var ErrNoJob = errors.New("the store has no job with this key")

// entryColumns are those of an entry, in the order of scanEntry.
const entryColumns = "changed_at, key, state, coalesce(task_id, ''), digest, model, prompt, files, error"

func scanEntry(row pgx.CollectableRow) (e batch.Entry, err error) {
	var state, model string
	err = row.Scan(&e.Time, &e.Key, &state, &e.TaskID, &e.Request, &model, &e.Prompt, &e.Files, &e.Error)
	if err == nil {
		err = e.State.UnmarshalText([]byte(state))
	}
	e.Model = wrapper.Model(model)
	return e, err
}

// Get returns the entry of a job; ok is false if there is none.
func (s *Store) Get(ctx context.Context, key string) (e batch.Entry, ok bool, err error) {
	rows, _ := s.pool.Query(ctx, "SELECT "+entryColumns+" FROM tensorslab_job WHERE key = $1", key) // CollectExactlyOneRow returns the error
	e, err = pgx.CollectExactlyOneRow(rows, scanEntry)
	if errors.Is(err, pgx.ErrNoRows) {
		return batch.Entry{}, false, nil
	}
	if err != nil {
		return batch.Entry{}, false, failed(err)
	}
	return e, true, nil
}

// All yields the entry of each job, the oldest first.
func (s *Store) All(ctx context.Context) iter.Seq2[batch.Entry, error] {
	return s.list(ctx, "")
}

// Unfinished yields the entry of each job that is submitting, submitted or completed, the
// oldest first.
func (s *Store) Unfinished(ctx context.Context) iter.Seq2[batch.Entry, error] {
	return s.list(ctx, "state IN ('submitting', 'submitted', 'completed') AND ")
}

// InDoubt yields the entry of each job of which nobody knows whether it was paid, the oldest
// first: for a person, who uses [Resolve] or [Resubmit].
func (s *Store) InDoubt(ctx context.Context) iter.Seq2[batch.Entry, error] {
	return s.list(ctx, "state = 'in-doubt' AND ")
}

// page is how many rows are read at once, so that none is locked and no
// connection is held while the caller works.
const page = 500

// list yields the entries of the rows that meet a condition.
func (s *Store) list(ctx context.Context, condition string) iter.Seq2[batch.Entry, error] {
	query := "SELECT id, " + entryColumns + " FROM tensorslab_job WHERE " + condition + "id > $1 ORDER BY id LIMIT $2"
	return func(yield func(batch.Entry, error) bool) {
		for last, n := int64(0), page; n == page; {
			rows, _ := s.pool.Query(ctx, query, last, page) // CollectRows returns the error
			entries, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (batch.Entry, error) {
				return scanEntry(prefixed{row, []any{&last}})
			})
			if err != nil {
				yield(batch.Entry{}, failed(err))
				return
			}
			n = len(entries)
			for _, e := range entries {
				if !yield(e, nil) {
					return
				}
			}
		}
	}
}

// prefixed is a row with other columns before those of the entry.
type prefixed struct {
	pgx.CollectableRow
	first []any
}

func (p prefixed) Scan(dest ...any) error {
	return p.CollectableRow.Scan(append(p.first[:len(p.first):len(p.first)], dest...)...)
}

// Counts returns how many jobs are in each state. States without jobs are left out.
func (s *Store) Counts(ctx context.Context) (map[batch.State]int64, error) {
	rows, _ := s.pool.Query(ctx, "SELECT state, count(*) FROM tensorslab_job GROUP BY state") // ForEachRow returns the error
	counts := map[batch.State]int64{}
	var name string
	var n int64
	_, err := pgx.ForEachRow(rows, []any{&name, &n}, func() error {
		var state batch.State
		err := state.UnmarshalText([]byte(name))
		counts[state] = n
		return err
	})
	if err != nil {
		return nil, failed(err)
	}
	return counts, nil
}

// Stray is a task whose id no job has: the id came when a person had already decided about its
// job, or the task has failed and its job was submitted again.
type Stray struct{ TaskID, Key string }

// Strays returns all strays, the oldest first. Nothing is done with them automatically.
func (s *Store) Strays(ctx context.Context) ([]Stray, error) {
	rows, _ := s.pool.Query(ctx, "SELECT task_id, key FROM tensorslab_stray ORDER BY found_at") // CollectRows returns the error
	strays, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Stray])
	if err != nil {
		return nil, failed(err)
	}
	return strays, nil
}

// failed words an error of the database.
func failed(err error) error {
	return fmt.Errorf("durable: %w: %w", batch.ErrJournal, err)
}
