package images

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/idlist"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/selection"
)

// tracker knows which jobs of the journal the tasks of a command are of, and records what
// becomes of them. A nil tracker knows none. It is safe for concurrent use, once the ids
// are known.
type tracker struct {
	ids     *idlist.List
	journal *batch.FileJournal // nil if there is none

	keys []string            // of the jobs, in the order of ids; empty for a task that the journal does not know
	more map[string][]string // the keys of further jobs with the same task, by their ids

	fromJournal bool // the ids are those of the journal

	mu  sync.Mutex
	err error // of the first entry that could not be written
}

// newTracker finds the jobs of tasks that are known by their ids.
func newTracker(ctx context.Context, j *batch.FileJournal, ids *idlist.List) (*tracker, error) {
	t := &tracker{ids: ids, journal: j}
	for e, err := range j.All(ctx) {
		if err != nil {
			return nil, journalError(ctx, err)
		}
		if place, ok := ids.Place(e.TaskID); ok && e.TaskID != "" {
			t.add(place, e)
		}
	}
	return t, nil
}

// choose adds the tasks that are chosen to the ids.
func (t *tracker) choose(ctx context.Context, chosen selection.Selection) error {
	for e, err := range t.journal.All(ctx) {
		if err != nil {
			return journalError(ctx, err)
		}
		if e.TaskID != "" && chosen.Matches(e) {
			t.add(t.ids.AddKnown(e.TaskID), e)
		}
	}
	return nil
}

func journalError(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return cli.Failf(cli.Interrupted, "interrupted; nothing was sent")
	}
	return cli.Failf(cli.Failed, "cannot read the journal of tasks: %s; nothing was sent", journalReason(err))
}

// add notes the key of a job. It is copied, because it is a part of a whole line.
func (t *tracker) add(place int, e batch.Entry) {
	for len(t.keys) <= place {
		t.keys = append(t.keys, "")
	}
	if t.keys[place] == "" {
		t.keys[place] = strings.Clone(e.Key)
		return
	}
	if t.more == nil {
		t.more = make(map[string][]string)
	}
	id := strings.Clone(e.TaskID)
	t.more[id] = append(t.more[id], strings.Clone(e.Key))
}

// keysOf returns the keys of the jobs with this task.
func (t *tracker) keysOf(id string) []string {
	if t == nil {
		return nil
	}
	place, ok := t.ids.Place(id)
	if !ok || place >= len(t.keys) || t.keys[place] == "" {
		return nil
	}
	return append([]string{t.keys[place]}, t.more[id]...)
}

// entry returns what the journal knows of a task.
func (t *tracker) entry(ctx context.Context, id string) (e batch.Entry, ok bool, err error) {
	for _, key := range t.keysOf(id) {
		if e, ok, err = t.journal.Get(ctx, key); err != nil || ok && e.TaskID == id {
			return e, ok, err
		}
	}
	return batch.Entry{}, false, nil
}

// record changes the entries of a task, unless change returns false. The end of ctx is no
// reason to forget what has happened.
func (t *tracker) record(ctx context.Context, id string, change func(e *batch.Entry) bool) {
	ctx = context.WithoutCancel(ctx)
	for _, key := range t.keysOf(id) {
		_, err := t.journal.Change(ctx, key, func(e batch.Entry, known bool) (batch.Entry, bool) {
			ok := known && e.TaskID == id && change(&e)
			e.Time = time.Time{}
			return e, ok
		})
		if err != nil {
			t.fail(err)
			return
		}
	}
}

// fail keeps the first error.
func (t *tracker) fail(err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.err == nil {
		t.err = err
	}
}

// failed returns the error of the first entry that could not be written.
func (t *tracker) failed() error {
	if t == nil {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.err
}

// close closes the journal.
func (t *tracker) close() {
	if t != nil && t.journal != nil {
		_ = t.journal.Close()
	}
}

// warn says that something could not be recorded, if so.
func (t *tracker) warn(e cli.Env) {
	if err := t.failed(); err != nil {
		e.Warn("the journal of tasks could not be written: " + journalReason(err) + "; what became of the tasks is not recorded")
	}
}

// journalReason returns the text of an error of the journal without the name of its package.
func journalReason(err error) string { return cli.OneLine(strings.TrimPrefix(err.Error(), "batch: ")) }
