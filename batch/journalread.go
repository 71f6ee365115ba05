package batch

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"slices"
)

// Unfinished yields the latest entries of the jobs that are unfinished now, in
// the order of their lines.
func (j *FileJournal) Unfinished(ctx context.Context) iter.Seq2[Entry, error] {
	return j.latest(ctx, State.isUnfinished)
}

// All yields the latest entry of each job, in the order of their lines. What is put
// after the loop has begun is not among them.
func (j *FileJournal) All(ctx context.Context) iter.Seq2[Entry, error] {
	return j.latest(ctx, func(State) bool { return true })
}

// latest yields the latest entries of the jobs whose state is wanted. The places of their
// lines are taken at once, and not while the file is read: so each job is met, and once, also
// if it changes meanwhile and the line that was its latest one no longer is.
func (j *FileJournal) latest(ctx context.Context, wanted func(State) bool) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		if err := j.refresh(false); err != nil {
			yield(Entry{}, err)
			return
		}
		file, size, places := j.places(wanted)
		var near window
		for _, p := range places {
			if ctx.Err() != nil {
				yield(Entry{}, fmt.Errorf("batch: the journal was not read to its end: %w", context.Cause(ctx)))
				return
			}
			e, err := near.read(file, p.offset(), size)
			if err != nil {
				yield(Entry{}, j.failed(fmt.Errorf("the line at byte %d %w", p.offset(), err)))
				return
			}
			if !yield(e, nil) {
				return
			}
		}
	}
}

// places returns the sorted places of the latest lines of the jobs whose state is wanted, and
// the file with the size that they are below.
func (j *FileJournal) places(wanted func(State) bool) (file io.ReaderAt, size int64, sorted []place) {
	j.mu.RLock()
	for _, p := range j.index {
		if wanted(p.state()) {
			sorted = append(sorted, p)
		}
	}
	file, size = j.file, j.size
	j.mu.RUnlock()
	slices.Sort(sorted)
	return file, size, sorted
}

func isBlank(data []byte) bool { return len(bytes.TrimSpace(data)) == 0 }

// load reads the file from where it has been read, and returns what follows its last
// line break.
func (j *FileJournal) load() (torn []byte, err error) {
	r := newLines(j.file, j.size)
	for {
		data, at, err := r.next()
		switch {
		case errors.Is(err, io.EOF):
			j.size = r.at
			return bytes.Clone(data), nil
		case err != nil:
			return nil, err
		case isBlank(data):
			continue
		}
		v, ok := scan(data)
		if !ok {
			e, err := decode(data)
			if err != nil {
				return nil, fmt.Errorf("line %d %w", r.number, err)
			}
			v.key, v.state, v.service = []byte(e.Key), e.State, []byte(e.Service)
		}
		j.noteService(v.service)
		j.index[j.hash(v.key)] = placeOf(at, v.state)
	}
}

// lines reads a file line by line.
type lines struct {
	r      *bufio.Reader
	at     int64 // where the next line begins
	number int   // of the last line, from 1
}

func newLines(file io.ReaderAt, at int64) *lines {
	return &lines{r: bufio.NewReaderSize(io.NewSectionReader(file, at, math.MaxInt64-at), maxLine+1), at: at}
}

// next returns a line without its line break, until the following call, and its
// offset. With io.EOF it returns what follows the last line break.
func (l *lines) next() (data []byte, at int64, err error) {
	data, err = l.r.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		return nil, 0, fmt.Errorf("line %d is longer than %d bytes: this is no journal", l.number+1, maxLine)
	}
	if err != nil {
		return data, l.at, err
	}
	at = l.at
	l.at += int64(len(data))
	l.number++
	return data[:len(data)-1], at, nil
}
