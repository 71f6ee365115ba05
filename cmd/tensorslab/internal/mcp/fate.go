package mcp

import (
	"context"
	"strings"
	"time"

	"github.com/tensorslab/tensorslab-go/batch"
)

// fate is what became of a task, for the journal.
type fate struct {
	state  batch.State
	reason string
	files  []string
}

// changes reports whether a fate is news for an entry. Where another program has saved
// images stays.
func (f fate) changes(e batch.Entry) bool {
	switch f.state { //nolint:exhaustive // the others are no fates
	case batch.Completed, batch.Failed:
		return e.State == batch.Submitted
	case batch.Saved:
		return e.State == batch.Submitted || e.State == batch.Completed
	}
	return e.State != f.state
}

// record tells the journal what became of tasks, if it knows them. A failure is logged: it
// does not undo what has happened.
func (s *server) record(ctx context.Context, f fate, ids ...string) {
	if s.entries == nil || len(ids) == 0 {
		return
	}
	ctx = context.WithoutCancel(ctx)
	keys, err := s.keysOf(ctx, ids)
	for _, key := range keys {
		_, failed := s.entries.Change(ctx, key, func(e batch.Entry, known bool) (batch.Entry, bool) {
			ok := known && f.changes(e)
			e.Time, e.State, e.Error = time.Time{}, f.state, s.Secret.Text(f.reason)
			if len(f.files) > 0 {
				e.Files = f.files
			}
			return e, ok
		})
		if err == nil {
			err = failed
		}
	}
	if err != nil {
		s.Warn("the journal of tasks could not be written: " + strings.TrimPrefix(err.Error(), "batch: ") + "; what became of a task is not recorded")
	}
}

// keysOf returns the keys of tasks. Those of this session need no search.
func (s *server) keysOf(ctx context.Context, ids []string) (keys []string, err error) {
	others := make(map[string]bool)
	s.mu.Lock()
	for _, id := range ids {
		if key, ok := s.keys[id]; ok {
			keys = append(keys, key)
		} else {
			others[id] = true
		}
	}
	s.mu.Unlock()
	if len(others) == 0 {
		return keys, nil
	}
	for e, err := range s.entries.All(ctx) {
		if err != nil {
			return keys, err
		}
		if e.TaskID != "" && others[e.TaskID] {
			keys = append(keys, strings.Clone(e.Key)) // it is a part of a whole line
		}
	}
	return keys, nil
}
