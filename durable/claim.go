package durable

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// claimLock is the key of the advisory lock under which one process at a time counts the tasks
// under way and claims a job.
const claimLock = 0x7465_6e73_6f72_0002

// standing is what an attempt to claim a job has found.
type standing int

const (
	isClaimed standing = iota // the row is submitting, in the name of the caller
	isCrowded                 // as many tasks are under way as the plan allows
	isTaken                   // another attempt is under way, or was, and has not recorded its end
	isSettled                 // there is nothing to submit
)

// claim is a job that may be submitted once.
type claim struct {
	standing standing
	key      string
	attempt  string    // names the submission
	begun    time.Time // before the lease began
	request  wrapper.GenerateRequest
	crowded  int           // see tensorslab_job
	remove   bool          // the request is to be removed, because it holds the key
	lease    time.Duration // of another attempt, if isTaken: how long it may still be under way
}

// spent is how much of the lease is over, at least. A process that was stopped, or whose machine slept,
// must not send after the lease, when a person may have decided already. Of two clocks the one that
// says more is taken: the monotonic clock stands still while a machine sleeps.
func (c claim) spent() time.Duration {
	return max(time.Since(c.begun), time.Since(c.begun.Round(0)))
}

// claim makes a planned row the caller's, durably, if fewer than parallel tasks are under way. The
// lease is how long the caller may take until it records the outcome.
func (s *Store) claim(ctx context.Context, key, attempt string, parallel int, lease time.Duration) (c claim, err error) {
	c = claim{key: key, attempt: attempt}
	// Each statement must see what others have committed before it.
	err = pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.ReadCommitted}, func(tx pgx.Tx) error {
		var first pgx.Batch
		first.Queue(durably)
		first.Queue("SELECT pg_advisory_xact_lock($1)", int64(claimLock))
		first.Queue(`UPDATE tensorslab_job SET state = 'submitting', attempt = $2, lease_until = clock_timestamp() + $3,
			changed_at = clock_timestamp(), submissions = submissions + 1, error = ''
			WHERE key = $1 AND state = 'planned'
			AND (SELECT count(*) FROM tensorslab_job WHERE state IN ('submitting', 'submitted') AND NOT ended) < $4
			RETURNING request::text, crowded`, key, attempt, lease, parallel).Query(func(rows pgx.Rows) error { return c.take(rows) })
		if err := tx.SendBatch(ctx, &first).Close(); err != nil || c.standing == isClaimed {
			return err
		}
		return c.look(ctx, tx)
	})
	return c, err
}

// unclaim makes a row planned again that the attempt has claimed, if it has: the claim has failed, perhaps
// while it was being committed. A claim holds the lock until its end is decided, so whoever has the
// lock sees whether the row was claimed. Nothing was sent.
func (s *Store) unclaim(ctx context.Context, c claim) error {
	return pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.ReadCommitted}, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", int64(claimLock)); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE tensorslab_job SET state = 'planned', changed_at = clock_timestamp(), lease_until = NULL, error = '',
			submissions = submissions - 1 WHERE key = $1 AND attempt = $2 AND state IN ('submitting', 'in-doubt')`, c.key, c.attempt)
		return err
	})
}

// durably makes the end of a transaction wait until it is on the disk, where the database is
// configured not to.
const durably = "SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off'"

// take reads the row that was claimed, if there is one.
func (c *claim) take(rows pgx.Rows) error {
	c.standing = isSettled
	var text string
	_, err := pgx.ForEachRow(rows, []any{&text, &c.crowded}, func() error {
		c.standing = isClaimed
		var r stored
		err := json.Unmarshal([]byte(text), &r)
		c.request = r.request()
		return err
	})
	return err
}

// look finds out why a row could not be claimed.
func (c *claim) look(ctx context.Context, tx pgx.Tx) error {
	var state string
	var lease *time.Duration
	err := tx.QueryRow(ctx, "SELECT state, lease_until - clock_timestamp() FROM tensorslab_job WHERE key = $1", c.key).Scan(&state, &lease)
	switch {
	case errors.Is(err, pgx.ErrNoRows): // somebody has deleted the row
	case err != nil:
		return err
	case state == batch.Planned.String():
		c.standing = isCrowded
	case state == batch.Submitting.String():
		c.standing = isTaken
		if lease != nil {
			c.lease = *lease
		}
	}
	return nil
}

// doubt makes a row in doubt whose submission has not recorded its outcome although its lease
// has ended. It reports whether it did.
func (s *Store) doubt(ctx context.Context, key string) (bool, error) {
	done, err := s.pool.Exec(ctx, `UPDATE tensorslab_job SET state = 'in-doubt', changed_at = clock_timestamp(), error = $2
		WHERE key = $1 AND state = 'submitting' AND lease_until < clock_timestamp()`, key, abandoned)
	return done.RowsAffected() > 0, err
}

// abandoned is the reason of a doubt that a crash has left.
const abandoned = "the process ended, or lost the database, before the response of the service was recorded"
