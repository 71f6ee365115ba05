package wrapper

import (
	"errors"
	"fmt"
	"io"

	"github.com/oapi-codegen/runtime/types"

	"github.com/tensorslab/tensorslab-go/internal/form"
)

// WithAnySource sends source files whatever they hold. Without it a file whose
// first bytes are not those of a PNG, JPEG, GIF, WebP, AVIF, HEIC, TIFF, BMP or SVG
// image is refused with a [RequestError] before anything is sent or paid: the
// service would charge for a text file that is uploaded by mistake. File names play
// no part in it.
func WithAnySource() Option {
	return checked("WithAnySource", true, "", func(cfg *config) { cfg.anySource = true })
}

// Source is a source image that is kept out of memory until it is sent. The zero
// Source holds none: its file is refused as empty.
type Source struct{ file *form.Spooled }

// NewSource reads r to its end. Up to 1 MB stays in memory; more goes to a
// temporary file (in os.TempDir), which [Source.Close] removes. Of filename only
// the last element is ever sent. An error of r, or of the disk, is returned in
// one that wraps it, and nothing is left behind, nor if r panics. What r holds is
// checked when a request with it is sent, see [WithAnySource].
func NewSource(filename string, r io.Reader) (*Source, error) {
	if r == nil {
		return nil, errors.New("tensorslab: source: the reader is nil")
	}
	file, err := form.Spool(filename, r)
	if err != nil {
		return nil, fmt.Errorf("tensorslab: source: it could not be read and kept: %w", err)
	}
	return &Source{file}, nil
}

// File returns the source for the SourceImage of a request, of any number of
// requests. It can't be sent any more once the source is closed.
func (s *Source) File() types.File {
	var file types.File
	if s != nil && s.file != nil {
		file.InitFromMultipart(s.file.Header())
	}
	return file
}

// Close removes the temporary file, if there is one. Call it when the last
// request with the source has returned; a second call returns [os.ErrClosed].
func (s *Source) Close() error {
	if s == nil || s.file == nil {
		return nil
	}
	if err := s.file.Close(); err != nil {
		return fmt.Errorf("tensorslab: source: %w", err)
	}
	return nil
}
