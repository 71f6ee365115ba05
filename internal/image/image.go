// Package image tells what kind of image a file is by its first bytes. Media
// types and file names are written by other parties and may be wrong;
// [net/http.DetectContentType] does not know AVIF, HEIC and TIFF.
package image

import (
	"bytes"
	"encoding/binary"
	"strings"
)

// HeadLen is the number of bytes at the beginning of a file that are enough for
// [Detect] and [IsSVG].
const HeadLen = 512

// Type is a kind of image.
type Type struct {
	MediaType string // such as "image/png"
	Ext       string // the extension of file names, with its dot
}

// The kinds of images that [Detect] knows, and SVG.
var (
	PNG  = Type{"image/png", ".png"}
	JPEG = Type{"image/jpeg", ".jpg"}
	GIF  = Type{"image/gif", ".gif"}
	WebP = Type{"image/webp", ".webp"}
	AVIF = Type{"image/avif", ".avif"}
	HEIC = Type{"image/heic", ".heic"}
	HEIF = Type{"image/heif", ".heif"}
	TIFF = Type{"image/tiff", ".tiff"}
	BMP  = Type{"image/bmp", ".bmp"}
	SVG  = Type{"image/svg+xml", ".svg"}
)

var magics = []struct {
	prefix string
	kind   Type
}{
	{"\x89PNG\r\n\x1a\n", PNG},
	{"\xff\xd8\xff", JPEG},
	{"II*\x00", TIFF},
	{"MM\x00*", TIFF},
	{"II+\x00", TIFF}, // BigTIFF
	{"MM\x00+", TIFF},
}

// Detect returns the kind of image that begins with head. ok is false if it is
// none, or if head is too short to tell.
func Detect(head []byte) (kind Type, ok bool) {
	for _, m := range magics {
		if bytes.HasPrefix(head, []byte(m.prefix)) {
			return m.kind, true
		}
	}
	switch {
	case isText(head): // the names of the other formats are letters, with which a text may begin too
		return Type{}, false
	case bytes.HasPrefix(head, []byte("GIF87a")), bytes.HasPrefix(head, []byte("GIF89a")):
		return GIF, true
	case len(head) >= 12 && string(head[:4]) == "RIFF" && string(head[8:12]) == "WEBP":
		return WebP, true
	case isBMP(head):
		return BMP, true
	}
	return detectHEIF(head)
}

// isText reports whether head has none of the bytes that occur in no text. Each GIF, WebP,
// BMP and HEIF file has one near its beginning, in a size, a flag or a reserved byte.
func isText(head []byte) bool {
	return !bytes.ContainsFunc(head, func(r rune) bool {
		return r < ' ' && !strings.ContainsRune("\t\n\f\r\x1b", r)
	})
}

// isBMP also looks for the zero bytes that the header of each bitmap holds: other files
// may begin with "BM", too.
func isBMP(head []byte) bool {
	const header = 26
	return bytes.HasPrefix(head, []byte("BM")) && bytes.IndexByte(head[:min(len(head), header)], 0) >= 0
}

// brands are those of ISO/IEC 23008-12 and of AVIF. The others of a file, such as
// mif1, say how it is built, and not how its images are compressed.
var brands = map[string]Type{
	"avif": AVIF, "avis": AVIF,
	"heic": HEIC, "heix": HEIC, "heim": HEIC, "heis": HEIC, "hevc": HEIC, "hevx": HEIC, "hevm": HEIC, "hevs": HEIC,
}

// detectHEIF reads the file type box with which AVIF, HEIC and other HEIF files
// begin. Its size, which is below 64 KB in any file, is followed by its name, the major
// brand, a version, and the compatible brands.
func detectHEIF(head []byte) (kind Type, ok bool) {
	if len(head) < 12 || string(head[:2]) != "\x00\x00" || string(head[4:8]) != "ftyp" {
		return Type{}, false
	}
	box := head[8:min(max(int64(binary.BigEndian.Uint32(head)), 12), int64(len(head)))]
	for at := 0; at+4 <= len(box); at += 4 {
		brand := string(box[at : at+4])
		switch known, found := brands[brand]; {
		case at == 4: // the version
		case found:
			return known, true
		case brand == "mif1", brand == "mif2", brand == "msf1":
			kind, ok = HEIF, true
		}
	}
	return kind, ok
}

// IsSVG reports whether head is the beginning of an SVG document: of an svg
// element, after a declaration, a document type and comments.
func IsSVG(head []byte) bool {
	text := strings.TrimPrefix(string(head[:min(len(head), HeadLen)]), "\ufeff")
	for {
		text = strings.TrimLeft(text, " \t\r\n")
		var end string
		switch {
		case strings.HasPrefix(text, "<!--"):
			end = "-->"
		case strings.HasPrefix(text, "<?"):
			end = "?>"
		case strings.HasPrefix(text, "<!DOCTYPE svg"):
			return true
		default:
			return isSVGElement(text)
		}
		var found bool
		if _, text, found = strings.Cut(text, end); !found {
			return false
		}
	}
}

// isSVGElement reports whether text begins with an svg element, with or without a
// prefix for its namespace.
func isSVGElement(text string) bool {
	name, isElement := strings.CutPrefix(text, "<")
	if end := strings.IndexAny(name, " \t\r\n/>"); isElement && end >= 0 {
		name = name[:end]
		return name[strings.IndexByte(name, ':')+1:] == "svg"
	}
	return false
}
