package batch

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"sync"
)

// windowSize is enough for many lines, and little to read for one.
const windowSize = 64 << 10

// window is a part of a journal that was read. Jobs that are looked up in the order
// of their lines, as by a run that is repeated, so need few reads.
type window struct {
	mu   sync.Mutex
	data []byte
	at   int64
}

// read returns the entry in the line that begins at an offset. Lines below size do
// not change.
func (w *window) read(file io.ReaderAt, at, size int64) (Entry, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if line := w.line(at); line != nil {
		return decode(line)
	}
	length := 1 << 10
	if end := w.at + int64(len(w.data)); at >= w.at && at < end+windowSize {
		length = windowSize
	}
	for ; ; length *= 16 {
		if err := w.fill(file, at, min(int64(length), size-at)); err != nil {
			return Entry{}, err
		}
		if line := w.line(at); line != nil {
			return decode(line)
		}
		switch {
		case int64(length) >= size-at:
			return decode(w.data) // the last line of a file that is only read may lack its line break
		case length > maxLine:
			return Entry{}, errors.New("has no end")
		}
	}
}

func (w *window) fill(file io.ReaderAt, at, length int64) error {
	if int64(cap(w.data)) < length {
		w.data = make([]byte, length)
	}
	w.at, w.data = at, w.data[:length]
	if _, err := file.ReadAt(w.data, at); err != nil {
		w.data = w.data[:0]
		return fmt.Errorf("can't be read: %w", err)
	}
	return nil
}

// line returns the line at an offset without its line break, if the window has
// the whole of it.
func (w *window) line(at int64) []byte {
	if at < w.at || at >= w.at+int64(len(w.data)) {
		return nil
	}
	rest := w.data[at-w.at:]
	end := bytes.IndexByte(rest, '\n')
	if end < 0 {
		return nil
	}
	return rest[:end]
}
