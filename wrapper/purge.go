package wrapper

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"net/http"
	"unicode/utf8"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/internal/purge"
	"github.com/tensorslab/tensorslab-go/internal/send"
)

// PurgeOptions say how [Client.PurgeImagesTasks] works. The zero value is ready for use.
type PurgeOptions struct {
	UID       string // sent with every batch, if it is not empty
	BatchSize int    // ids in one request; 0 means DefaultBatchSize, or the contract's limit if that is smaller
	// Concurrency is how many requests are in flight at once. 0 means
	// [DefaultConcurrency]; more than 64 needs [WithHTTPClient], since the
	// default transport holds that many connections.
	Concurrency int
	// StopAfter is how many batches in a row may fail before nothing more is sent: for
	// lack of a response, by HTTP 429 or 5xx, or by a response that violates the
	// contract. 0 means [DefaultStopAfter]; for no limit, use [math.MaxInt].
	StopAfter int
	// Isolate bisects a batch that the service rejects for its content or its size
	// ([ErrDeleteFailed], [ErrFailure], HTTP 400, 413 or 422) to find the ids at fault.
	Isolate bool
}

// What [Client.PurgeImagesTasks] does when [PurgeOptions] does not say otherwise.
const (
	DefaultBatchSize   = 100 // ids in one request, unless the contract allows fewer; today's publishes no limit
	DefaultConcurrency = 4   // requests in flight at once
	DefaultStopAfter   = 10  // batches that fail in a row before nothing more is sent
)

// PurgeImagesTasks deletes any number of image tasks, in batches, with the
// requests of [Client.DeleteImagesTask]. Each id of taskIDs is yielded in exactly
// one batch with that batch's error, which is nil only if the service confirmed the
// deletion. An id that can't be sent (blank, not valid UTF-8, or beyond a limit of the
// contract) is yielded alone, with [ErrInvalidRequest].
//
// Once the service rejects the key ([ErrUnauthorized]), is out of credits
// ([ErrInsufficientCredits]), or [PurgeOptions].StopAfter batches in a row have
// failed, nothing more is sent, and the rest of taskIDs is yielded in batches with
// [ErrNotSent] and that reason. Only breaking out of the loop, or the end of the
// context, ends the reading; after the latter every id that was read is yielded.
//
// taskIDs is read on the caller's goroutine and only as fast as batches are sent,
// so that memory is bounded by BatchSize × Concurrency; while it blocks, nothing is
// yielded. Breaking out of the loop cancels the requests in flight. No goroutine
// outlives the loop. Options that are not usable, or a nil context or sequence,
// yield one [ErrInvalidRequest] without ids; it is [ErrInvalidOption] as well if the
// BatchSize is above the contract's limit, should it publish one.
func (c *Client) PurgeImagesTasks(ctx context.Context, taskIDs iter.Seq[string], opts PurgeOptions) iter.Seq2[[]string, error] {
	run, err := c.purgeRun(ctx, taskIDs, opts)
	if err != nil {
		return func(yield func([]string, error) bool) { yield(nil, err) }
	}
	run.Aborted = func() error { // a hook of the user's called runtime.Goexit, for example
		return unsettled(send.Unknown, errors.New("the goroutine that sent the request was ended"))
	}
	run.NotSent = func(reason, rejected error) error {
		return batchNotSent(c.engine.redactor.Error(send.ForeignEnd(ctx, reason)), rejected)
	}
	run.Send = func(ctx context.Context, ids []string, doubt bool) purge.Verdict {
		_, err := c.deleteImagesTask(ctx, generated.DeleteImagesTaskRequest{TaskIDs: ids, UID: opts.UID}, doubt)
		return verdictOf(err)
	}
	return purge.Run(ctx, taskIDs, run)
}

// purgeRun checks the arguments of a purge. Its result lacks the functions that
// send and word.
func (c *Client) purgeRun(ctx context.Context, taskIDs iter.Seq[string], opts PurgeOptions) (run purge.Options, err error) {
	if err := c.ready(ctx, opDeleteImagesTask); err != nil {
		return run, err
	}
	limits := c.engine.contract.Operation(opDeleteImagesTask).LimitsOf("taskids")
	most := cmp.Or(limits.MaxItems, math.MaxInt)
	run, err = purge.Options{
		BatchSize: opts.BatchSize, Concurrency: opts.Concurrency, StopAfter: opts.StopAfter, Isolate: opts.Isolate,
	}.WithDefaults(purge.Options{BatchSize: min(DefaultBatchSize, most), Concurrency: DefaultConcurrency, StopAfter: DefaultStopAfter})
	run.Check = func(id string) error {
		if reason := limits.CheckText(id); reason != "" {
			return invalid(opDeleteImagesTask, "/taskids", "an id %s", reason)
		}
		return nil
	}
	switch {
	case taskIDs == nil:
		return run, invalid(opDeleteImagesTask, "", "the sequence of ids is nil")
	case err != nil:
		return run, invalid(opDeleteImagesTask, "", "PurgeOptions: %v", err)
	case run.BatchSize > most:
		refused := invalid(opDeleteImagesTask, "/taskids", "PurgeOptions: the contract allows a BatchSize of at most %d", most)
		refused.Err = ErrInvalidOption
		return run, refused
	case !utf8.ValidString(opts.UID):
		return run, invalid(opDeleteImagesTask, "", "PurgeOptions: the UID is not valid UTF-8")
	}
	return run, nil
}

// verdictOf says what the error of one batch means for the others. What it says of
// the effect is about its own ids, so that as the reason why others are not sent it
// matches neither of the two sentinels.
func verdictOf(err error) purge.Verdict {
	v := purge.Verdict{Err: err, Doubt: errors.Is(err, ErrOutcomeUnknown), Unsent: errors.Is(err, ErrNotSent)}
	for _, stop := range []error{ErrUnauthorized, ErrInsufficientCredits} {
		if errors.Is(err, stop) {
			v.Stop = stop
		}
	}
	var e *APIError
	if errors.As(err, &e) && e.isRejection() {
		v.Split = v.Stop == nil && e.isAboutBatch()
	} else if err != nil {
		v.Failed = purge.Without(err, ErrNotSent, ErrOutcomeUnknown)
	}
	return v
}

// isRejection reports whether the service, or a gateway, decided not to act, for a
// reason other than its own state.
func (e *APIError) isRejection() bool {
	return e.outcome == send.NotActed && !e.Is(ErrRateLimited) && !e.Is(ErrServer)
}

// isAboutBatch reports whether a rejection is for what is in the batch or how many.
func (e *APIError) isAboutBatch() bool {
	switch e.HTTPStatus {
	case http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity:
		return true
	}
	return e.Is(ErrDeleteFailed) || e.Is(ErrFailure)
}

// batchNotSent is the error of a batch that was read, and not sent for a reason.
// If the service rejected its ids before, in a larger batch, that is what is known
// of them, and the reason is added.
func batchNotSent(reason, rejected error) error {
	var before *APIError
	if errors.As(rejected, &before) {
		both := *before
		both.cause = errors.Join(both.cause, reason)
		return &both
	}
	return unsettled(send.NotSent, fmt.Errorf("the purge was stopped: %w", reason))
}

// unsettled is the error of ids of whose deletion there is no response.
func unsettled(outcome send.Outcome, err error) *TransportError {
	return &TransportError{Operation: opDeleteImagesTask, Err: err, certainty: certainty{outcome: outcome, repeatable: true}}
}
