package journal

import (
	"context"
	"errors"
	"iter"

	"github.com/tensorslab/tensorslab-go/batch"
)

// Empty is a journal without entries, for those who only look. Put returns an error.
type Empty struct{}

// Get finds nothing.
func (Empty) Get(context.Context, string) (batch.Entry, bool, error) {
	return batch.Entry{}, false, nil
}

// Put refuses.
func (Empty) Put(context.Context, batch.Entry) error { return errors.ErrUnsupported }

// Unfinished yields nothing.
func (Empty) Unfinished(context.Context) iter.Seq2[batch.Entry, error] { return none }

// All yields nothing.
func (Empty) All(context.Context) iter.Seq2[batch.Entry, error] { return none }

func none(func(batch.Entry, error) bool) {}
