package wrapper

import (
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"sync"

	"github.com/oapi-codegen/runtime/types"
)

// maxSourceInMemory is the largest source image that is not put on disk, in bytes.
const maxSourceInMemory = 64 << 10

// Source is a source image for a generation that is kept in a temporary file,
// unless it is small. By itself the generated type holds a file in memory, or one
// that came in a multipart request.
type Source struct {
	form *multipart.Form
	file types.File

	close    sync.Once
	closeErr error
}

// NewSource reads r to its end and keeps a copy, which r may be closed or changed
// after. The last part of filename is sent with it. The caller has to close the
// source when the generation has returned.
func NewSource(filename string, r io.Reader) (*Source, error) {
	if r == nil {
		return nil, errors.New("tensorslab: source image: the reader is nil")
	}
	form, err := spool(filename, r)
	if err != nil {
		return nil, fmt.Errorf("tensorslab: source image: it can't be copied to a temporary file: %w", err)
	}
	s := &Source{form: form}
	s.file.InitFromMultipart(form.File["file"][0])
	return s, nil
}

// spool lets package multipart read a form of one file: it decides by the size
// where to put the file, and the generated type takes only its files from disk.
func spool(filename string, r io.Reader) (*multipart.Form, error) {
	in, out := io.Pipe()
	w := multipart.NewWriter(out)
	var readErr error // of r, which the reader of the form would rename
	done := make(chan struct{})
	go func() {
		defer close(done)
		part, err := w.CreateFormFile("file", baseName(filename))
		if err == nil {
			_, err = io.Copy(part, readerFunc(func(p []byte) (int, error) {
				n, err := r.Read(p)
				if err != nil && err != io.EOF { //nolint:errorlint // io.Reader returns it as it is
					readErr = err
				}
				return n, err
			}))
		}
		if err == nil {
			err = w.Close()
		}
		out.CloseWithError(err)
	}()
	form, err := multipart.NewReader(in, w.Boundary()).ReadForm(maxSourceInMemory)
	in.Close()
	<-done
	if readErr != nil {
		err = readErr
	}
	if err != nil && form != nil {
		err = errors.Join(err, form.RemoveAll())
	}
	return form, err
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// File returns the image as the generated types have it. It can be used, also
// more than once, until the source is closed.
func (s *Source) File() types.File { return s.file }

// Close removes the temporary file, if there is one. Calling it again returns
// the same result.
func (s *Source) Close() error {
	s.close.Do(func() { s.closeErr = s.form.RemoveAll() })
	return s.closeErr
}
