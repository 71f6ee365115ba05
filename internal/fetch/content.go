package fetch

import (
	"bytes"
	"io"
	"net/http"
	"strings"

	"github.com/tensorslab/tensorslab-go/internal/image"
	"github.com/tensorslab/tensorslab-go/internal/send"
)

// otherExt is the extension of a file that is no image.
const otherExt = ".bin"

// readHead reads as much of body as is needed to see what kind of image it is; kind
// is the zero Type if it is none. An error of body that comes later is left to the
// next Read.
func readHead(body io.Reader) (head []byte, kind image.Type, err error) {
	head = make([]byte, 0, image.HeadLen)
	for len(head) < cap(head) {
		n, err := body.Read(head[len(head):cap(head)])
		head = head[:len(head)+n]
		kind, known := image.Detect(head)
		switch {
		case known && (kind != image.HEIF || err != nil): // of HEIF, further bytes may tell more
			return head, kind, nil
		case err == io.EOF:
			return head, kind, nil
		case err != nil:
			return head, kind, err
		}
	}
	kind, _ = image.Detect(head)
	return head, kind, nil
}

// notImageError says what a host sent in place of an image.
type notImageError string

func (e notImageError) Error() string { return "the host sent " + string(e) }
func (e notImageError) Unwrap() error { return ErrNotImage }

// classify returns what a file is that begins with head. It returns [ErrEmpty], or
// an error that wraps [ErrNotImage], if that will not do.
func classify(head []byte, kind image.Type, anyFile bool) (image.Type, error) {
	switch {
	case len(head) == 0:
		return kind, ErrEmpty
	case kind != image.Type{}:
		return kind, nil
	case !anyFile:
		return kind, notImageError(describe(head))
	case image.IsSVG(head):
		return image.SVG, nil
	}
	return image.Type{MediaType: http.DetectContentType(head), Ext: otherExt}, nil
}

// describe says what a file is that is no image, and shows nothing of it.
func describe(head []byte) string {
	media := http.DetectContentType(head)
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\ufeff")), " \t\r\n")
	switch {
	case send.IsPage("", head):
		return "a page in place of the file"
	case bytes.HasPrefix(text, []byte("<")):
		return "an XML document in place of an image"
	case bytes.HasPrefix(text, []byte("{")), bytes.HasPrefix(text, []byte("[")):
		return "a JSON document in place of an image"
	case strings.HasPrefix(media, "text/"):
		return "text in place of an image"
	}
	return "a file that is not an image"
}
