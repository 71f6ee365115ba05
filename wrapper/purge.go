package wrapper

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"unicode/utf8"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/internal/purge"
	"github.com/tensorslab/tensorslab-go/internal/send"
)

// PurgeOptions say how [Client.PurgeImagesTasks] works. The zero value is ready for use.
type PurgeOptions struct {
	// UID is sent with every batch, if it is not empty.
	UID string
	// BatchSize is how many ids go into one request. 0 means [DefaultBatchSize].
	BatchSize int
	// Concurrency is how many requests are in flight at once. 0 means
	// [DefaultConcurrency]; more than 64 needs [WithHTTPClient], since the
	// default transport holds that many connections.
	Concurrency int
	// Isolate bisects a batch that the service rejects, to find the ids at
	// fault; the others are confirmed by requests of their own.
	Isolate bool
}

// What [Client.PurgeImagesTasks] does when [PurgeOptions] does not say otherwise.
const (
	// DefaultBatchSize is how many ids a purge sends in one request. The
	// contract publishes no limit.
	DefaultBatchSize = 100
	// DefaultConcurrency is how many requests of a purge are in flight at once.
	DefaultConcurrency = 4
)

func (o PurgeOptions) withDefaults() (PurgeOptions, error) {
	switch {
	case o.BatchSize < 0:
		return o, errors.New("PurgeOptions.BatchSize is negative")
	case o.Concurrency < 0:
		return o, errors.New("PurgeOptions.Concurrency is negative")
	case !utf8.ValidString(o.UID):
		return o, errors.New("PurgeOptions.UID is not valid UTF-8")
	}
	if o.BatchSize == 0 {
		o.BatchSize = DefaultBatchSize
	}
	if o.Concurrency == 0 {
		o.Concurrency = DefaultConcurrency
	}
	return o, nil
}

// PurgeImagesTasks deletes any number of image tasks, in batches, with the
// requests of [Client.DeleteImagesTask]. Each id that it takes from taskIDs is
// yielded in exactly one batch together with that batch's outcome: nil if the
// service confirmed the deletion, else an error that matches [ErrNotSent] if
// the service certainly did not act, [ErrOutcomeUnknown] if it may have, and
// neither after a plain rejection. An id that can't be sent (blank, or not valid
// UTF-8) is yielded alone, with [ErrInvalidRequest].
//
// taskIDs is read on the caller's goroutine and only as fast as batches are
// sent, so that memory is bounded by BatchSize × Concurrency; while it blocks,
// nothing is yielded and the end of the context is not noticed. When the context
// ends or the service rejects the key ([ErrUnauthorized]), nothing more is read
// or sent, and every id that was read is still yielded. Breaking out of the loop
// cancels the requests in flight. No goroutine outlives the loop.
//
// Options that are not usable, or a nil context or sequence, yield one
// [ErrInvalidRequest] without ids.
func (c *Client) PurgeImagesTasks(ctx context.Context, taskIDs iter.Seq[string], opts PurgeOptions) iter.Seq2[[]string, error] {
	err := c.ready(ctx, opDeleteImagesTask)
	opts, optErr := opts.withDefaults()
	switch {
	case err != nil:
	case taskIDs == nil:
		err = invalid(opDeleteImagesTask, "", "the sequence of ids is nil")
	case optErr != nil:
		err = invalid(opDeleteImagesTask, "", "%v", optErr)
	}
	if err != nil {
		return func(yield func([]string, error) bool) { yield(nil, err) }
	}
	return purge.Run(ctx, taskIDs, purge.Options{
		BatchSize: opts.BatchSize, Concurrency: opts.Concurrency, Isolate: opts.Isolate,
		Check: checkPurgeID,
		Send: func(ctx context.Context, ids []string, doubt bool) purge.Verdict {
			_, err := c.deleteImagesTask(ctx, generated.DeleteImagesTaskRequest{TaskIDs: ids, UID: opts.UID}, doubt)
			return verdictOf(err)
		},
		Kept: batchNotSent,
	})
}

func checkPurgeID(id string) error {
	if reason := checkID(id); reason != "" {
		return invalid(opDeleteImagesTask, "/taskids", "an id %s", reason)
	}
	return nil
}

// verdictOf says what the error of one batch means for the others.
func verdictOf(err error) purge.Verdict {
	v := purge.Verdict{Err: err, Split: isBatchRejected(err), Doubt: errors.Is(err, ErrOutcomeUnknown)}
	if errors.Is(err, ErrUnauthorized) {
		v.Stop = ErrUnauthorized
	}
	return v
}

// isBatchRejected reports whether the service rejected the batch for what is in
// it. Rejections for the key or the rate would meet each half as well.
func isBatchRejected(err error) bool {
	var e *APIError
	if !errors.As(err, &e) || e.outcome != send.NotActed || e.Is(ErrUnauthorized) || e.Is(ErrRateLimited) || e.Is(ErrServer) {
		return false
	}
	return e.Is(ErrDeleteFailed) || e.Is(ErrFailure) || e.HTTPStatus == http.StatusBadRequest
}

// batchNotSent is the error of a batch that was read, and not sent for a reason.
func batchNotSent(reason error, doubt bool) error {
	return &TransportError{
		Operation: opDeleteImagesTask,
		Err:       fmt.Errorf("the purge was stopped: %w", reason),
		certainty: certainty{outcome: send.NotSent, doubtBefore: doubt, repeatable: true},
	}
}
