package wrapper

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/oapi-codegen/runtime/types"
)

// sniffed is how much of a file [http.DetectContentType] looks at.
const sniffed = 512

func openFile(file types.File) (io.ReadCloser, error) {
	r, err := file.Reader()
	if err != nil {
		return nil, fmt.Errorf("can't be opened (is its Source closed?): %w", withoutPath(err))
	}
	return r, nil
}

// sniff opens a file for its media type, which also shows at once, before
// anything is sent, whether it can be read at all.
func sniff(file types.File) (contentType string, err error) {
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
	head := make([]byte, min(size, sniffed))
	if n, err := io.ReadFull(r, head); err != nil {
		return "", fmt.Errorf("can't be read after %d bytes: %w", n, withoutPath(err))
	}
	return http.DetectContentType(head), nil
}

// safeFilename is the last element of a name, whatever system it is from, with
// nothing in it that could end a header or a quoted string. A part without a
// file name would not count as a file.
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
