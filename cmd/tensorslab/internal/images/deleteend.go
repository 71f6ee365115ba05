package images

import (
	"context"
	"fmt"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
)

// finish ends the run and returns the error of the command. It writes --remaining first,
// because a write to standard output may fail or block for ever.
func (d *deletion) finish(ctx context.Context, runErr error) error {
	if d.ended.Load() {
		return cli.Failf(cli.Interrupted, "interrupted")
	}
	end := ending{deletion: d, tally: d.outcomes.tally(), interrupted: ctx.Err() != nil}
	if d.saver != nil {
		end.saveErr = d.save()
	}
	if runErr == nil {
		d.reportRest(end)
	}
	if end.saveErr != nil && end.left() > 0 {
		d.printLeft(end.saveErr)
	}
	return end.err(runErr)
}

// reportRest reports the ids that were not sent, and the summary.
func (d *deletion) reportRest(end ending) {
	if rest := d.outcomes.with(pending); len(rest) > 0 {
		reason := "the purge stopped before it sent them"
		if end.interrupted {
			reason = "interrupted before they were sent"
		}
		d.report.Report(unsentRecord{rest, reason, d.batchSize})
	}
	s := summaryRecord{
		tally: end.tally, repeats: d.outcomes.ids.Repeats(), batches: d.batches,
		interrupted: end.interrupted && end.left() > 0,
	}
	if d.saver != nil && end.saveErr == nil {
		s.remaining = d.remaining
	}
	d.report.Report(s)
}

// printLeft writes to standard error the ids that could not be written to --remaining, once.
func (d *deletion) printLeft(cause error) {
	d.printing.Do(func() {
		fmt.Fprintf(d.Stderr, "tensorslab: cannot write --remaining: %s; these ids are not confirmed deleted:\n", cli.OneLine(cause.Error()))
		for id := range d.outcomes.left() {
			if _, err := fmt.Fprintln(d.Stderr, id); err != nil {
				return
			}
		}
	})
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
		return cli.Failf(cli.StatusOf(runErr), "%w; %s left in %s", runErr, cli.Count(e.left(), "id"), e.remaining)
	case runErr != nil:
		return runErr
	case e.unrecorded != nil:
		return cli.Failf(cli.Failed, "%d of %s deleted, but the journal of tasks could not be written: %s; correct that and run the command again, which deletes again what is not recorded; that does no harm",
			e.deleted, cli.Count(e.total, "task"), journalReason(e.unrecorded))
	case e.left() == 0 && e.saveErr != nil:
		return fmt.Errorf("all image tasks were deleted, but --remaining could not be written: %w", e.saveErr)
	case e.left() == 0 && e.report.Err() != nil:
		return fmt.Errorf("all image tasks were deleted, but standard output could not be written: %w", e.report.Err())
	case e.left() == 0:
		return nil
	}
	status, cause := e.cause()
	return cli.Failf(status, "%s%d of %s not confirmed deleted%s", cause, e.left(), cli.Count(e.total, "task"), e.advice())
}

// cause returns the exit status and, unless the numbers say it all, the reason. An
// interruption by the user comes before anything that the service said.
func (e ending) cause() (status int, text string) {
	switch {
	case e.interrupted:
		return cli.Interrupted, "interrupted: "
	case e.causes.unauthorized:
		return cli.Auth, "the service rejected the key (" + e.Advisor().KeyAdvice() + "): "
	case e.causes.credits:
		return cli.Credits, "not enough credits (" + cli.AddCredits + "): "
	case e.report.Err() != nil:
		return cli.Failed, fmt.Sprintf("stopped because standard output could not be written (%v): ", e.report.Err())
	}
	if status = cli.Failed; e.causes.status == cli.Later {
		status = cli.Later
	}
	if e.stopped {
		return status, "stopped because too many requests in a row failed: "
	}
	return status, ""
}

// advice says how to go on, after a semicolon. Ids that were typed need no file to keep them.
func (e ending) advice() (text string) {
	switch {
	case e.saver != nil && e.saveErr == nil && e.refused == e.left() && !e.isolates():
		text = "; check the ids in " + e.remaining + " first, then run again with --file " + e.remaining
	case e.saver != nil && e.saveErr == nil:
		text = "; to resume, run again with --file " + e.remaining
	case e.fromJournal: // whose next run deletes what is left
	case !e.leftWereArguments() && e.left() == 1:
		text = "; use --remaining FILE to keep its id"
	case !e.leftWereArguments():
		text = "; use --remaining FILE to keep their ids"
	}
	switch {
	case e.isolates() && text == "":
		text = "; use --isolate to find the ids at fault"
	case e.isolates():
		text += ", and --isolate to find the ids at fault"
	}
	return text
}

// isolates reports whether --isolate would find the ids at fault.
func (e ending) isolates() bool { return e.causes.divisible && !e.isolate }

// leftWereArguments reports whether the command line has every id that is left.
func (e ending) leftWereArguments() bool {
	typed := make(map[string]bool, len(e.args))
	for _, id := range e.args {
		typed[id] = true
	}
	for id := range e.outcomes.left() {
		if !typed[id] {
			return false
		}
	}
	return true
}
