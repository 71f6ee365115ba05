package durable

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/internal/redact"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// Errors of jobs that can't be enqueued.
var (
	ErrInvalidJob = errors.New("the job can't be enqueued")
	// ErrOtherRequest: the store has another request under the same key.
	ErrOtherRequest = errors.New("the store has another request under this key: use another key")
)

const (
	maxKey    = 512
	maxPrompt = 200 // characters of it that lists show
)

// Enqueue adds a job in a transaction of the caller's, so that it is generated if that
// commits, and is not if it does not. A job that the store has already, with the same request, is
// left as it is, whatever its state: Enqueue may be repeated. Its key is required; name it after
// what the image is for, such as an order. It is not the API key: the workers, which know that, refuse
// such a job and replace its key. The request can't have Sources, which are files of
// one machine; use ImageURL, or Options.Prepare.
//
// The error matches [ErrInvalidJob], [ErrOtherRequest] or [batch.ErrJournal], which wraps that of the
// database. Nothing is added then, and the transaction can go on unless the connection is lost.
func Enqueue(ctx context.Context, tx pgx.Tx, job batch.Job) error {
	return EnqueueMany(ctx, tx, []batch.Job{job})
}

// EnqueueMany is [Enqueue] for several jobs, in a few statements. It adds all of them, or returns
// an error and adds none. A few thousand at a time are a good number.
func EnqueueMany(ctx context.Context, tx pgx.Tx, jobs []batch.Job) error {
	rows, err := rowsOf(jobs)
	if err != nil || len(jobs) == 0 {
		return err
	}
	err = pgx.BeginFunc(ctx, tx, func(tx pgx.Tx) error { return insert(ctx, tx, rows) }) // a savepoint
	switch {
	case errors.Is(err, ErrOtherRequest):
		return err
	case err != nil:
		return failed(err)
	}
	return nil
}

// columns are rows to insert, column by column.
type columns struct{ keys, digests, requests, models, prompts []string }

func rowsOf(jobs []batch.Job) (c columns, err error) {
	for _, job := range jobs {
		if reason := unfit(job); reason != "" {
			return c, fmt.Errorf("durable: %w: job %.80q %s", ErrInvalidJob, job.Key, reason)
		}
		digest, err := batch.Digest(job.Request)
		if err != nil {
			return c, fmt.Errorf("durable: %w: job %.80q: %w", ErrInvalidJob, job.Key, err)
		}
		request, err := json.Marshal(storedOf(job.Request))
		if err != nil {
			return c, fmt.Errorf("durable: %w: job %.80q: %w", ErrInvalidJob, job.Key, err)
		}
		c.keys, c.digests = append(c.keys, job.Key), append(c.digests, digest)
		c.requests, c.models = append(c.requests, string(request)), append(c.models, string(storedOf(job.Request).Model))
		c.prompts = append(c.prompts, redact.OneLine(job.Request.Prompt, maxPrompt))
	}
	return c, nil
}

// unfit returns why a job can't be enqueued, or an empty string.
func unfit(job batch.Job) string {
	r := job.Request
	switch {
	case job.Key == "":
		return "has no key"
	case len(job.Key) > maxKey || !isText(job.Key):
		return fmt.Sprintf("has a key that is longer than %d bytes, not valid UTF-8, or has a zero byte", maxKey)
	case len(r.Sources) > 0:
		return "has Sources, which are files of one machine: use ImageURL or Options.Prepare"
	case !isText(string(r.Model)) || !isText(r.Prompt) || !isText(r.Resolution) || !isText(r.ImageURL):
		return "has a request with text that is not valid UTF-8, or has a zero byte"
	}
	return ""
}

// textOf returns a text that Postgres can keep.
func textOf(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\ufffd"), "\x00", "\ufffd")
}

// isText reports whether Postgres can keep a text.
func isText(text string) bool { return utf8.ValidString(text) && !strings.Contains(text, "\x00") }

// insert adds the rows whose keys are new, and compares the others.
func insert(ctx context.Context, tx pgx.Tx, c columns) error {
	rows, _ := tx.Query(ctx, `INSERT INTO tensorslab_job (key, digest, request, model, prompt)
		SELECT key, digest, request::json, model, prompt
		FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) WITH ORDINALITY AS n(key, digest, request, model, prompt, place)
		ORDER BY place ON CONFLICT (key) DO NOTHING RETURNING key`, c.keys, c.digests, c.requests, c.models, c.prompts) // CollectRows returns the error
	added, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	if len(added) < len(c.keys) {
		var key string
		err := tx.QueryRow(ctx, `SELECT j.key FROM unnest($1::text[], $2::text[]) AS n(key, digest)
			JOIN tensorslab_job j ON j.key = n.key WHERE j.digest <> n.digest LIMIT 1`, c.keys, c.digests).Scan(&key)
		if err == nil {
			return fmt.Errorf("durable: job %.80q: %w", key, ErrOtherRequest)
		}
		if !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
	}
	if len(added) == 0 {
		return nil
	}
	return dispatch(ctx, tx, added, toSubmit)
}

// stored is a request as the table has it.
type stored struct {
	Model        wrapper.Model `json:"model"`
	Prompt       string        `json:"prompt"`
	Resolution   string        `json:"resolution,omitempty"`
	Count        int           `json:"count,omitempty"`
	Seed         *int          `json:"seed,omitempty"`
	ExtendPrompt bool          `json:"extend_prompt,omitempty"`
	ImageURL     string        `json:"image_url,omitempty"`
}

func storedOf(r wrapper.GenerateRequest) stored {
	s := stored{Model: r.Model, Prompt: r.Prompt, Resolution: r.Resolution, Count: r.Count, Seed: r.Seed, ExtendPrompt: r.ExtendPrompt, ImageURL: r.ImageURL}
	if s.Model == "" {
		s.Model = wrapper.ModelSeeDreamV45
	}
	return s
}

func (s stored) request() wrapper.GenerateRequest {
	return wrapper.GenerateRequest{Model: s.Model, Prompt: s.Prompt, Resolution: s.Resolution, Count: s.Count, Seed: s.Seed, ExtendPrompt: s.ExtendPrompt, ImageURL: s.ImageURL}
}
