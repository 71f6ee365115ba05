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
	return func(yield func(Entry, error) bool) {
		if err := j.refresh(); err != nil {
			yield(Entry{}, err)
			return
		}
		j.mu.RLock()
		var places []place
		for _, p := range j.index {
			if p.state().isUnfinished() {
				places = append(places, p)
			}
		}
		j.mu.RUnlock()
		slices.Sort(places)
		for _, p := range places {
			j.mu.RLock()
			e, err := j.ahead.read(j.file, p.offset(), j.size)
			j.mu.RUnlock()
			if err = errors.Join(ctx.Err(), err); err != nil {
				yield(Entry{}, j.failed(fmt.Errorf("the line at byte %d %w", p.offset(), err)))
				return
			}
			if !yield(e, nil) {
				return
			}
		}
	}
}

// All yields the latest entry of each job, in the order of their lines. Entries
// that are put meanwhile are among them.
func (j *FileJournal) All(ctx context.Context) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		if err := j.refresh(); err != nil {
			yield(Entry{}, err)
			return
		}
		r := newLines(j.file, 0)
		for {
			data, at, err := r.next()
			switch {
			case errors.Is(err, io.EOF):
				return
			case err != nil || ctx.Err() != nil:
				yield(Entry{}, j.failed(errors.Join(ctx.Err(), err)))
				return
			case !j.isLatest(data, at):
				continue
			}
			e, err := decode(data)
			if err != nil {
				err = j.failed(fmt.Errorf("line %d %w", r.number, err))
			}
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}

// isLatest reports whether the line at this offset is the latest one of its job.
func (j *FileJournal) isLatest(data []byte, at int64) bool {
	v, ok := scan(data)
	if !ok {
		e, err := decode(data)
		if err != nil {
			return !isBlank(data) // and so reported
		}
		v.key = []byte(e.Key)
	}
	h := j.hash(v.key)
	j.mu.RLock()
	defer j.mu.RUnlock()
	p, ok := j.index[h]
	return ok && p.offset() == at
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
