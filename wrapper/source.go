package wrapper

import (
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"os"
	"strings"

	"github.com/oapi-codegen/runtime/types"
)

// maxSourceMemory is the largest source that is kept in memory, in bytes. Others
// go to a temporary file.
const maxSourceMemory = 1 << 20

// Source is a source image that is kept out of memory until it is sent. A
// types.File can hold all of its bytes or a file of an incoming form, and
// nothing else: so a Source is read as if it came in one.
type Source struct {
	form   *multipart.Form
	header *multipart.FileHeader
}

// NewSource reads r to its end. Up to 1 MB stays in memory; more goes to a
// temporary file (in os.TempDir), which [Source.Close] removes. Of filename only
// the last element is ever sent. An error of r, or of the disk, is returned in
// one that wraps it, and nothing is left behind.
func NewSource(filename string, r io.Reader) (*Source, error) {
	if r == nil {
		return nil, errors.New("tensorslab: source: the reader is nil")
	}
	// The boundary is random: no file holds it.
	boundary := multipart.NewWriter(io.Discard).Boundary()
	head := "--" + boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"file\"\r\n\r\n"
	tail := "\r\n--" + boundary + "--\r\n"
	wrapped := io.MultiReader(strings.NewReader(head), r, strings.NewReader(tail))
	form, err := multipart.NewReader(wrapped, boundary).ReadForm(maxSourceMemory)
	if err != nil {
		return nil, fmt.Errorf("tensorslab: source: it could not be read and kept: %w", err)
	}
	header := form.File["file"][0]
	header.Filename = filename
	return &Source{form: form, header: header}, nil
}

// File returns the source for the SourceImage of a request, of any number of
// requests. It can't be sent any more once the source is closed.
func (s *Source) File() types.File {
	var file types.File
	file.InitFromMultipart(s.header)
	return file
}

// Close removes the temporary file, if there is one. Call it when the last
// request with the source has returned; a second call returns [os.ErrClosed].
func (s *Source) Close() error {
	if s.form == nil {
		return fmt.Errorf("tensorslab: source: %w", os.ErrClosed)
	}
	err := s.form.RemoveAll()
	s.form = nil
	*s.header = multipart.FileHeader{Filename: s.header.Filename, Size: s.header.Size}
	if err != nil {
		return fmt.Errorf("tensorslab: source: its temporary file is left: %w", err)
	}
	return nil
}
