package outfile

import (
	"bytes"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/tensorslab/tensorslab-go/internal/image"
)

// tailLen is how much is read of the end of a file. Some programs fill files up with zero
// bytes.
const tailLen = 512

// IsWholeImage reports whether the file at path is certainly an image to its end, as it is
// not if a download or a copy broke off. False also stands for kinds of images that do not
// say where they end, for bytes after the end, and for a file that cannot be read.
func IsWholeImage(path string) bool {
	file, err := os.Open(path)
	if err != nil {
		return false
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	head := section(file, 0, image.HeadLen)
	kind, _ := image.Detect(head)
	switch size := info.Size(); kind {
	case image.PNG:
		return bytes.HasSuffix(tail(file, size), []byte("\x00\x00\x00\x00IEND\xaeB`\x82"))
	case image.JPEG:
		return bytes.HasSuffix(tail(file, size), []byte("\xff\xd9"))
	case image.GIF:
		return bytes.HasSuffix(tail(file, size), []byte(";"))
	case image.WebP:
		return size >= 8+int64(binary.LittleEndian.Uint32(head[4:]))
	case image.BMP:
		return len(head) >= 6 && size >= int64(binary.LittleEndian.Uint32(head[2:]))
	case image.AVIF, image.HEIC, image.HEIF:
		return hasWholeBoxes(file, size)
	}
	return false
}

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

// tail returns the end of a file without zero bytes after it.
func tail(file io.ReaderAt, size int64) []byte {
	return bytes.TrimRight(section(file, max(0, size-tailLen), tailLen), "\x00")
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
