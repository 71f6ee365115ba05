package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

// causes are the failures about which there is something to say in the end.
type causes struct{ unauthorized, credits, divisible bool }

func (c *causes) add(batch []string, err error) {
	c.unauthorized = c.unauthorized || errors.Is(err, wrapper.ErrUnauthorized)
	c.credits = c.credits || errors.Is(err, wrapper.ErrInsufficientCredits)
	c.divisible = c.divisible || len(batch) > 1 && isForIDs(err)
}

// isForIDs reports whether a batch was refused for an id in it, so that the
// others could be deleted without it.
func isForIDs(err error) bool {
	var api *wrapper.APIError
	switch {
	case outcomeOf(err) != refused || !errors.As(err, &api):
		return false
	case api.HTTPStatus == http.StatusBadRequest, api.HTTPStatus == http.StatusOK && api.Code == wrapper.CodeFailure:
		return true
	}
	return errors.Is(err, wrapper.ErrDeleteFailed)
}

// close ends the account: --remaining first, since writing to stdout may fail
// or never end. It returns the error that the command ends with.
func (d *deletion) close(ctx context.Context, runErr error) error {
	end := ending{deletion: d, tally: d.account.tally(), interrupted: ctx.Err() != nil}
	if d.saver != nil {
		end.saveErr = d.save()
	}
	if runErr == nil {
		d.tell(func() error { return d.tellRest(end) })
	}
	if end.saveErr != nil && end.left() > 0 {
		d.lastResort(end.saveErr)
	}
	return end.err(runErr)
}

func (d *deletion) tellRest(end ending) error {
	if rest := d.account.with(pending); len(rest) > 0 {
		reason := "the purge was stopped before their turn"
		if end.interrupted {
			reason = "interrupted before their turn"
		}
		if err := d.report.unsent(rest, reason); err != nil {
			return err
		}
	}
	s := summary{
		tally: end.tally, repeats: d.account.ids.Repeats(), batches: d.batches,
		interrupted: end.interrupted && end.left() > 0,
	}
	if d.saver != nil && end.saveErr == nil {
		s.remaining = d.remaining
	}
	return d.report.summary(s)
}

// lastResort shows what could not be written to --remaining.
func (d *deletion) lastResort(cause error) {
	fmt.Fprintf(d.stderr, "tensorslab: cannot write --remaining: %s; these ids are not confirmed deleted:\n", plain(cause))
	for id := range d.account.left() {
		if _, err := fmt.Fprintln(d.stderr, id); err != nil {
			return
		}
	}
}

// ending is what decides about the last line and the exit status.
type ending struct {
	*deletion
	tally
	interrupted bool
	saveErr     error
}

func (e ending) err(runErr error) error {
	switch {
	case runErr != nil && e.saver != nil && e.saveErr == nil:
		return failf(statusOf(runErr), "%w; %s left in %s", runErr, count(e.left(), "id"), e.remaining)
	case runErr != nil:
		return runErr
	case e.left() == 0 && e.saveErr != nil:
		return fmt.Errorf("all image tasks were deleted, but --remaining could not be written: %w", e.saveErr)
	case e.left() == 0 && e.outErr != nil:
		return fmt.Errorf("all image tasks were deleted, but standard output could not be written: %w", e.outErr)
	case e.left() == 0:
		return nil
	}
	status, cause := e.cause()
	return failf(status, "%s%d of %s not confirmed deleted; %s", cause, e.left(), count(e.total, "image task"), e.advice())
}

// cause is the exit status and, if there is more to say than the numbers, why.
// What the user did comes before what the service said.
func (e ending) cause() (status int, text string) {
	switch {
	case e.interrupted:
		return statusInterrupted, "interrupted: "
	case e.causes.unauthorized:
		return statusAuth, "the service refused the key (" + e.keyAdvice() + "): "
	case e.causes.credits:
		return statusCredits, "not enough credits (add some to the account): "
	case e.outErr != nil:
		return statusFailed, fmt.Sprintf("stopped, since standard output could not be written (%v): ", e.outErr)
	}
	return statusFailed, ""
}

func (e ending) advice() string {
	text := "give --remaining FILE to keep their ids"
	if e.saver != nil && e.saveErr == nil {
		text = "to resume, run again with --file " + e.remaining
	}
	if e.causes.divisible && !e.isolate {
		text += ", and --isolate to find the ones refused"
	}
	return text
}
