package form

import (
	"bytes"
	"io"
	"mime/multipart"
	"os"
	"strings"
)

// maxSpooled is the largest file that [Spool] keeps in memory, in bytes. Others
// go to a temporary file.
const maxSpooled = 1 << 20

// Spooled is a file that was read from a stream, and can be opened any number
// of times until it is closed.
type Spooled struct {
	form   *multipart.Form
	header *multipart.FileHeader
}

// Spool reads r to its end. Up to 1 MB stays in memory; more goes to a temporary
// file in os.TempDir. The error is that of r or of the disk, and nothing is left
// behind then, nor if r panics, or the process ends while r is read.
func Spool(filename string, r io.Reader) (*Spooled, error) {
	var start bytes.Buffer
	_, err := io.CopyN(&start, r, maxSpooled+1)
	switch {
	case err == io.EOF:
		return keep(filename, &start)
	case err != nil:
		return nil, err
	}
	tmp, remove, err := unnamedFile()
	if err != nil {
		return nil, err
	}
	defer remove()
	if _, err := io.Copy(tmp, r); err != nil {
		return nil, err
	}
	if _, err := tmp.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	return keep(filename, io.MultiReader(&start, tmp))
}

// unnamedFile returns a temporary file, which has lost its name already where
// that is possible. While a stream is read, which may block or panic, the file
// can't be left behind, even if the process is killed.
func unnamedFile() (tmp *os.File, remove func(), err error) {
	tmp, err = os.CreateTemp("", "tensorslab-source-*")
	if err != nil {
		return nil, nil, err
	}
	unnamed := os.Remove(tmp.Name()) == nil // Windows refuses it for an open file
	return tmp, func() {
		tmp.Close()
		if !unnamed {
			os.Remove(tmp.Name())
		}
	}, nil
}

// keep makes of r what generated code accepts as a file, which is only what
// mime/multipart has read from a form. It keeps large files on disk, and the
// boundary is random: no file holds it.
func keep(filename string, r io.Reader) (*Spooled, error) {
	boundary := multipart.NewWriter(io.Discard).Boundary()
	head := "--" + boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"file\"\r\n\r\n"
	tail := "\r\n--" + boundary + "--\r\n"
	wrapped := io.MultiReader(strings.NewReader(head), r, strings.NewReader(tail))
	form, err := multipart.NewReader(wrapped, boundary).ReadForm(maxSpooled)
	if err != nil {
		return nil, err
	}
	header := form.File["file"][0]
	header.Filename = filename
	return &Spooled{form: form, header: header}, nil
}

// Header describes the file as if it had come in a form. It can't be opened any
// more once the file is closed.
func (s *Spooled) Header() *multipart.FileHeader { return s.header }

// Close removes the temporary file, if there is one. A second call returns
// [os.ErrClosed].
func (s *Spooled) Close() error {
	if s.form == nil {
		return os.ErrClosed
	}
	err := s.form.RemoveAll()
	s.form = nil
	*s.header = multipart.FileHeader{Filename: s.header.Filename, Size: s.header.Size}
	return err
}
