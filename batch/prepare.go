package batch

import (
	"context"
	"errors"
	"iter"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

// newRun makes a run that has the journal for itself, and begins it.
func newRun(ctx context.Context, c *wrapper.Client, j Journal, jobs iter.Seq2[Job, error], opts Options) (*run, error) {
	r, err := prepare(ctx, c, j, jobs, opts)
	if err != nil {
		return nil, err
	}
	if file, ok := j.(*FileJournal); ok {
		if err := file.acquire(); err != nil {
			return nil, err
		}
		r.release, r.keys = file.release, newKeys(file.mark)
	}
	if err := r.dir.isWritable(); err != nil {
		r.release()
		return nil, err
	}
	r.begin()
	return r, nil
}

// prepare makes a run that has not begun.
func prepare(ctx context.Context, c *wrapper.Client, j Journal, jobs iter.Seq2[Job, error], opts Options) (*run, error) {
	opts, err := opts.withDefaults()
	switch {
	case err != nil:
		return nil, err
	case ctx == nil:
		return nil, errors.New("batch: the context is nil")
	case c == nil:
		return nil, errors.New("batch: the client is nil")
	case j == nil:
		return nil, errors.New("batch: the journal is nil")
	case jobs == nil:
		return nil, errors.New("batch: there are no jobs: the sequence is nil")
	}
	r := &run{client: c, journal: j, opts: opts, caller: ctx, release: func() {}, keys: newKeys(nil), resumed: map[string]string{},
		events: make(chan event, 4*opts.Parallel), freed: make(chan struct{}, 1), turn: make(chan struct{}, 1), saving: make(chan struct{}, 2*opts.Parallel)}
	r.dir, err = directoryOf(opts.Save)
	return r, err
}
