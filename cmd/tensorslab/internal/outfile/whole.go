package outfile

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/tensorslab/tensorslab-go/internal/image"
)

// IsWholeImage reports whether the file at path is certainly an image to its end, as it is
// not if a download or a copy broke off. False also stands for kinds of images that do not
// say where they end, for bytes after the end, and for a file that cannot be read. Zero bytes
// after the end are allowed, since some programs fill files up with them.
func IsWholeImage(path string) bool {
	info, err := os.Stat(path) // before it is opened, which waits if it is a pipe
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	file, err := os.Open(path)
	if err != nil {
		return false
	}
	defer file.Close()
	kind, _ := image.Detect(section(file, 0, image.HeadLen))
	var walk func(*bufio.Reader) error
	switch kind {
	case image.PNG:
		walk = walkPNG
	case image.JPEG:
		walk = walkJPEG
	case image.GIF:
		walk = walkGIF
	case image.WebP:
		walk = walkWebP
	case image.AVIF, image.HEIC, image.HEIF:
		return hasWholeBoxes(file, info.Size()) && !isFilledUp(section(file, info.Size()-longFill, longFill))
	default:
		return false
	}
	r := bufio.NewReader(file)
	if walk(r) != nil {
		return false
	}
	rest, err := io.ReadAll(io.LimitReader(r, maxFill+1))
	return err == nil && len(rest) <= maxFill && isFilledUp(rest)
}

const (
	// maxFill is how many zero bytes may follow an image.
	maxFill = 1 << 20
	// longFill is how many zero bytes in a row no compressed image ends with: a program that
	// reserves the space of a file and is interrupted leaves them.
	longFill = 16
)

// isFilledUp reports whether there are only zero bytes.
func isFilledUp(data []byte) bool { return len(bytes.Trim(data, "\x00")) == 0 }

// hasWholeBoxes reports whether the boxes of an ISO base media file, each of which begins
// with its size, end where the file ends, and hold the image's data.
func hasWholeBoxes(file io.ReaderAt, size int64) bool {
	const most = 1000 // images have less than ten
	hasData := false
	for at, n := int64(0), 0; n < most; n++ {
		head := section(file, at, 16)
		if at == size || len(head) < 8 {
			return at == size && hasData
		}
		hasData = hasData || string(head[4:8]) == "mdat"
		length := int64(binary.BigEndian.Uint32(head))
		switch {
		case length == 0: // to the end of the file, wherever that is
			return false
		case length == 1 && len(head) == 16:
			length = int64(binary.BigEndian.Uint64(head[8:]) & (1<<62 - 1))
		}
		if length < 8 || length > size-at {
			return false
		}
		at += length
	}
	return false
}

// section returns at most n bytes at an offset: less where the file ends or cannot be read.
func section(file io.ReaderAt, at, n int64) []byte {
	data, _ := io.ReadAll(io.NewSectionReader(file, at, n))
	return data
}

// IsImage reports whether path is a regular file that begins as an image and has the
// extension of its kind, so that a program which goes by the extension shows it and does
// nothing else.
func IsImage(path string) bool {
	info, err := os.Lstat(path)
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	file, err := os.Open(path)
	if err != nil {
		return false
	}
	defer file.Close()
	kind, ok := image.Detect(section(file, 0, image.HeadLen))
	return ok && strings.EqualFold(filepath.Ext(path), kind.Ext)
}
