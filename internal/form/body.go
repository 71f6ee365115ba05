package form

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
)

// body is the body of one attempt. It opens each file when its turn comes.
type body struct {
	mu     sync.Mutex // net/http may close a body while it reads it
	reader io.Reader
	files  []*fileReader
	closed bool
}

func (b *body) Read(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return 0, os.ErrClosed
	}
	return b.reader.Read(p)
}

// Close closes the file that is being read, if any.
func (b *body) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	for _, file := range b.files {
		file.close()
	}
	return nil
}

// fileReader reads one file, and fails if it is not of the announced size.
type fileReader struct {
	file   framedFile
	opened io.ReadCloser
	left   int64
	err    error
}

func (r *fileReader) Read(p []byte) (int, error) {
	if r.err == nil && r.opened == nil {
		r.opened, r.err = openFile(r.file.File)
		r.err = r.interrupted(r.err)
	}
	if r.err != nil {
		return 0, r.err
	}
	// Only by reading one byte more than is left can a file be seen to have grown.
	n, err := r.opened.Read(p[:min(int64(len(p)), r.left+1)])
	r.left -= int64(n)
	switch {
	case r.left < 0:
		n, r.err = 0, r.interrupted(errors.New("is longer than its announced size"))
	case err == io.EOF && r.left > 0:
		r.err = r.interrupted(fmt.Errorf("ended %d bytes before its announced size", r.left))
	case err == io.EOF:
		r.err = io.EOF
	case err != nil:
		r.err = r.interrupted(fmt.Errorf("can't be read: %w", withoutPath(err)))
	}
	if r.err != nil {
		r.close()
	}
	return n, r.err
}

func (r *fileReader) close() {
	if r.opened != nil {
		r.opened.Close()
		r.opened = nil
	}
}

// interrupted says which file ended the upload. The service received an incomplete
// request, and only the service knows what it does with that.
func (r *fileReader) interrupted(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("the upload broke off: the file %s %w", r.file.pointer, err)
}
