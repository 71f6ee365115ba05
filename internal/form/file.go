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
)

// File is a file to send, such as types.File of oapi-codegen/runtime. Each call
// of Reader reads it from its beginning. FileSize must not change.
type File interface {
	Filename() string
	FileSize() int64
	Reader() (io.ReadCloser, error)
}

// sniffLen is the number of bytes that [http.DetectContentType] considers.
const sniffLen = 512

func openFile(file File) (io.ReadCloser, error) {
	r, err := file.Reader()
	if err != nil {
		return nil, fmt.Errorf("can't be opened (is its Source closed?): %w", withoutPath(err))
	}
	return r, nil
}

// sniff opens a file to find its media type. That also shows, before anything is
// sent, whether the file can be read at all.
func sniff(file File) (contentType string, err error) {
	size := file.FileSize()
	switch {
	case size == 0:
		return "", errors.New("is empty")
	case size < 0:
		return "", errFileSize
	}
	r, err := openFile(file)
	if err != nil {
		return "", err
	}
	defer r.Close()
	head := make([]byte, min(size, sniffLen))
	if n, err := io.ReadFull(r, head); err != nil {
		return "", fmt.Errorf("can't be read after %d bytes: %w", n, withoutPath(err))
	}
	return http.DetectContentType(head), nil
}

// safeFilename returns the last element of a path of any system, without
// characters that could end a header or a quoted string. It is never empty: a
// part without a file name would not count as a file.
func safeFilename(name, contentType string) string {
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
	if kind, ok := strings.CutPrefix(contentType, "image/"); ok {
		return "image." + kind
	}
	return "image"
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
