package wrapper

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"

	"github.com/tensorslab/tensorslab-go/generated"
)

// workers send the batches of one purge.
type workers struct {
	client  *Client
	ctx     context.Context //nolint:containedctx // of one purge, which it ends
	cancel  context.CancelFunc
	uid     string
	isolate bool
	refused atomic.Bool // the service refused the key
	results chan batchResult
}

// batchResult is the outcome of a batch, or the end of a worker.
type batchResult struct {
	ids  []string
	err  error
	done bool
}

func newWorkers(ctx context.Context, c *Client, opts PurgeOptions) *workers {
	ctx, cancel := context.WithCancel(ctx)
	return &workers{
		client: c, ctx: ctx, cancel: cancel, uid: opts.UID, isolate: opts.Isolate,
		results: make(chan batchResult, min(opts.Concurrency, MaxConnections)),
	}
}

// stopped says why nothing more may be sent, or nil.
func (w *workers) stopped() error {
	if w.refused.Load() {
		return ErrUnauthorized
	}
	if w.ctx.Err() != nil {
		return withContextError(w.ctx, context.Cause(w.ctx))
	}
	return nil
}

func (w *workers) work(ids []string) {
	defer func() { w.results <- batchResult{done: true} }() // also when a hook of the user's ends the goroutine
	w.delete(ids, false)
}

// delete settles each of ids in one batch or, by halves, in several.
// unknownBefore says that an earlier request with these ids may have been
// carried out, so that a refusal now is not the whole truth.
func (w *workers) delete(ids []string, unknownBefore bool) {
	err := w.send(ids)
	if w.isolate && len(ids) > 1 && isBatchRefusal(err) {
		unknownBefore = unknownBefore || errors.Is(err, ErrOutcomeUnknown)
		half := len(ids) / 2
		w.delete(ids[:half:half], unknownBefore)
		w.delete(ids[half:], unknownBefore)
		return
	}
	if unknownBefore {
		err = inDoubt(err)
	}
	w.results <- batchResult{ids: ids, err: err}
}

func (w *workers) send(ids []string) error {
	if reason := w.stopped(); reason != nil {
		return notSent(reason)
	}
	resp, err := w.client.deleteImagesTask(w.ctx, generated.DeleteImagesTaskRequest{TaskIDs: ids, UID: w.uid})
	if errors.Is(err, ErrUnauthorized) {
		w.refused.Store(true)
	}
	if err == nil && !isConfirmation(resp.Data.Status) {
		return &ContractError{
			Operation: opDeleteImagesTask, HTTPStatus: http.StatusOK,
			Violations: []Violation{{"/data/status", "enum"}}, outcome: outcomeUnknown, idempotent: true,
		}
	}
	return err
}

// isConfirmation reports whether a status is one of the two words that the
// contract's text gives it, and the good one, or absent: code 1000 says success
// as well. A caller of DeleteImagesTask sees the word; that of a purge does not.
func isConfirmation(status string) bool {
	return status == "" || strings.EqualFold(strings.TrimSpace(status), "Success")
}

// isBatchRefusal reports whether the service refused the batch for what is in
// it. Refusals for the key or the rate would meet each half as well.
func isBatchRefusal(err error) bool {
	var e *APIError
	if !errors.As(err, &e) || e.outcome != outcomeNotActed || e.Is(ErrUnauthorized) || e.Is(ErrRateLimited) || e.Is(ErrServer) {
		return false
	}
	return e.Is(ErrDeleteFailed) || e.Is(ErrFailure) || e.HTTPStatus == http.StatusBadRequest
}

// inDoubt adds to an error that an earlier request may have been carried out.
func inDoubt(err error) error {
	var api *APIError
	var contract *ContractError
	var transport *TransportError
	var request *RequestError
	switch {
	case errors.As(err, &api):
		api.unknownBefore = true
	case errors.As(err, &contract):
		contract.unknownBefore = true
	case errors.As(err, &transport):
		transport.outcome = outcomeUnknown
	case errors.As(err, &request):
		request.unknownBefore = true
	}
	return err
}
