package form

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tensorslab/tensorslab-go/internal/image"
)

// File is a file to send, such as types.File of oapi-codegen/runtime. Each call
// of Reader reads it from its beginning. FileSize must not change.
type File interface {
	Filename() string
	FileSize() int64
	Reader() (io.ReadCloser, error)
}

// ErrNotImage says that a file does not begin as an image.
var ErrNotImage = errors.New("is not an image (PNG, JPEG, GIF, WebP, AVIF, HEIC, TIFF, BMP or SVG)")

func openFile(file File) (io.ReadCloser, error) {
	r, err := file.Reader()
	if err != nil {
		return nil, fmt.Errorf("can't be opened (is its Source closed?): %w", withoutPath(err))
	}
	return r, nil
}

// sniff opens a file to find what kind of image it is. That also shows, before
// anything is sent, whether the file can be read at all. A file that is no image is
// ErrNotImage, unless anyFile is set.
func sniff(file File, anyFile bool) (image.Type, error) {
	size := file.FileSize()
	switch {
	case size == 0:
		return image.Type{}, errors.New("is empty")
	case size < 0:
		return image.Type{}, errFileSize
	}
	r, err := openFile(file)
	if err != nil {
		return image.Type{}, err
	}
	defer r.Close()
	head := make([]byte, min(size, image.HeadLen))
	if n, err := io.ReadFull(r, head); err != nil {
		return image.Type{}, fmt.Errorf("can't be read after %d bytes: %w", n, withoutPath(err))
	}
	kind, ok := image.Detect(head)
	switch {
	case ok:
		return kind, nil
	case image.IsSVG(head):
		return image.SVG, nil
	case anyFile:
		return image.Type{MediaType: http.DetectContentType(head)}, nil
	}
	return image.Type{}, ErrNotImage
}

// safeFilename returns the last element of a path of any system, without
// characters that could end a header or a quoted string. It is never empty: a
// part without a file name would not count as a file.
func safeFilename(name, ext string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		if r == utf8.RuneError || unicode.IsControl(r) {
			return '_'
		}
		return r
	}, name)
	if strings.Trim(name, ". ") != "" {
		return name
	}
	return "image" + ext
}

// withoutPath removes the name of a temporary file, which means nothing to the
// caller.
func withoutPath(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}
