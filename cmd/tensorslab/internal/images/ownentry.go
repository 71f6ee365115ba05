package images

import (
	"context"
	"strings"
	"unicode"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/journal"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// ownEntry records a task that is created on its own, and says so if that fails. A nil
// ownEntry, of a command that creates none, records nothing.
type ownEntry struct {
	cli.Env
	journal *batch.FileJournal // nil if there is to be none
	entry   *journal.Own
}

// newOwnEntry opens the journal for one task, unless there is to be none.
func newOwnEntry(ctx context.Context, e cli.Env, f *generateFlags, req wrapper.GenerateRequest) (*ownEntry, error) {
	if f.Demo {
		return &ownEntry{e, nil, journal.NewOwn(nil, e.Secret, req)}, nil
	}
	j, err := f.journal.Shared(ctx, e)
	if err != nil {
		return nil, err
	}
	return &ownEntry{e, j, journal.NewOwn(j, e.Secret, req)}, nil
}

func (o *ownEntry) close() {
	if o.journal != nil {
		_ = o.journal.Close() // everything in it is synced
	}
}

func (o *ownEntry) key() string {
	if o == nil {
		return ""
	}
	return o.entry.Key()
}

// begin records that the request is about to be sent. Without that nothing is sent.
func (o *ownEntry) begin() error {
	if err := o.entry.Begin(); err != nil {
		return cli.Failf(cli.Failed, "the journal of tasks cannot be written: %w%s; nothing was sent (--no-journal does without)", err, cli.MakeRoom(err))
	}
	return nil
}

// warnOfDoubt says that the same prompt may have been paid for before: whoever repeats a
// command after an end of any kind may not know. It refuses nothing, since the same prompt
// may be meant, and its images are others. A journal that cannot be read is noticed when
// the request is recorded.
func (o *ownEntry) warnOfDoubt(ctx context.Context, f *generateFlags, req wrapper.GenerateRequest) {
	if o.journal == nil {
		return
	}
	for e, err := range o.journal.All(ctx) {
		switch {
		case err != nil:
			return
		case e.State != batch.Submitting && e.State != batch.InDoubt, e.Model != req.Model, !isBegin(e.Prompt, o.Secret.Text(req.Prompt)):
		default:
			o.Warn("the same prompt is in doubt since " + e.Time.Local().Format("2006-01-02 15:04:05") + " and may have been paid for; see " + f.journal.Command("list") + " --in-doubt")
			return
		}
	}
}

// isBegin reports whether recorded is what a journal keeps of prompt: its beginning, on one
// line.
func isBegin(recorded, prompt string) bool {
	line := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, prompt)
	begin, isCut := strings.CutSuffix(recorded, "…")
	return line == recorded || isCut && strings.HasPrefix(line, begin)
}

// submitted records the outcome of the submission, and returns it.
func (o *ownEntry) submitted(id string, err error) (string, error) {
	outcome := o.entry.Submitted(id, err)
	o.warn(outcome.Record)
	return outcome.TaskID, outcome.Err
}

// ended records that the task has ended, and where its images are.
func (o *ownEntry) ended(state batch.State, reason error, files ...string) {
	if o != nil {
		o.warn(o.entry.Ended(state, reason, files...))
	}
}

// warn says that the journal has fallen behind. What was paid for goes on all the same.
func (o *ownEntry) warn(err error) {
	if err != nil {
		o.Warn("the journal of tasks could not be written, so keep the id of the task yourself: " + err.Error())
	}
}
