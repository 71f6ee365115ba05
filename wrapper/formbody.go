package wrapper

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"
)

// formBody is the body of one attempt. It opens each file when its turn comes.
type formBody struct {
	mu      sync.Mutex // net/http may close a body while it reads it
	reader  io.Reader
	sources []*sourceReader
	closed  bool
}

func (b *formBody) Read(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return 0, os.ErrClosed
	}
	return b.reader.Read(p)
}

// Close closes the file that is being read, if any.
func (b *formBody) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	for _, s := range b.sources {
		s.close()
	}
	return nil
}

// sourceReader reads one file, of exactly the size that was announced.
type sourceReader struct {
	file   sourceFile
	opened io.ReadCloser
	left   int64
	err    error
}

var errFileSize = errors.New("has a size that no file can have")

func (s *sourceReader) Read(p []byte) (int, error) {
	if s.err == nil && s.opened == nil {
		s.opened, s.err = openFile(s.file.File)
		s.err = s.broken(s.err)
	}
	if s.err != nil {
		return 0, s.err
	}
	// One byte more than is left is the only way to see that a file has grown.
	n, err := s.opened.Read(p[:min(int64(len(p)), s.left+1)])
	s.left -= int64(n)
	switch {
	case s.left < 0:
		n, s.err = 0, s.broken(errors.New("is longer than its announced size"))
	case err == io.EOF && s.left > 0:
		s.err = s.broken(fmt.Errorf("ended %d bytes before its announced size", s.left))
	case err == io.EOF:
		s.err = io.EOF
	case err != nil:
		s.err = s.broken(fmt.Errorf("can't be read: %w", withoutPath(err)))
	}
	if s.err != nil {
		s.close()
	}
	return n, s.err
}

func (s *sourceReader) close() {
	if s.opened != nil {
		s.opened.Close()
	}
}

// broken says which file ended the upload. What the service got is incomplete,
// but only the service knows what it does with that.
func (s *sourceReader) broken(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("the upload broke off: the file %s %w", s.file.pointer, err)
}

// withoutPath drops the name of a temporary file, which says nothing to anybody.
func withoutPath(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}
