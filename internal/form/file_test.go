package form

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/oapi-codegen/runtime/types"
)

func TestFilenames(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"a.png":                      "a.png",
		"/home/me/secret/a.png":      "a.png",
		`C:\Users\me\secret\a.png`:   "a.png",
		"../../a.png":                "a.png",
		"":                           "image.png",
		"dir/":                       "image.png",
		"..":                         "image.png",
		" . ":                        "image.png",
		`a"b.png`:                    `a"b.png`,
		"a;b=c.png":                  "a;b=c.png",
		"a\r\nX-Evil: 1\r\n\r\n.png": "a__X-Evil: 1____.png",
		"a\x00b\x7f\u0085.png":       "a_b__.png",
		"\xff\xfe.png":               "__.png",
		"漢字 😀.png":                   "漢字 😀.png",
		"a%0D%0A.png":                "a%0D%0A.png",
	}
	for name, want := range tests {
		_, parts := written(t, Fields{images(file(name, png))})
		if len(parts) != 1 || parts[0].filename != want || parts[0].data != string(png) {
			t.Errorf("%q: got %v, want %q", name, parts, want)
		}
	}
	if _, parts := written(t, Fields{images(file("", []byte("text")))}); parts[0].filename != "image" {
		t.Errorf("got %v", parts)
	}
}

func TestFilesThatAreRefused(t *testing.T) {
	t.Parallel()
	gone, remove := onDisk(t, make([]byte, large))
	remove()
	some := append(png[:8:8], bytes.Repeat([]byte("x"), 600)...)
	tests := map[string]struct {
		files []types.File
		want  string
		is    error
	}{
		"empty":             {[]types.File{file("a", png), file("b", nil)}, "/sourceImage/1 is empty", nil},
		"a negative size":   {[]types.File{announced(t, some, -1)}, "/sourceImage/0 has a size that no file can have", nil},
		"far too long":      {[]types.File{announced(t, some, math.MaxInt64)}, "/sourceImage/0 has a size that no file can have", nil},
		"together too long": {[]types.File{announced(t, some, math.MaxInt64/2-1000), announced(t, some, math.MaxInt64/2-1000)}, "/sourceImage/1 has a size that no file can have", nil},
		"shorter than what is sniffed": {[]types.File{announced(t, []byte("x"), 600)},
			"/sourceImage/0 can't be read after 1 bytes: unexpected EOF", io.ErrUnexpectedEOF},
		"text":    {[]types.File{file("a", png), file("b.png", []byte("a fox in the snow"))}, "/sourceImage/1 " + ErrNotImage.Error(), ErrNotImage},
		"deleted": {[]types.File{file("a", png), gone}, "/sourceImage/1 can't be opened (is its Source closed?): no such file or directory", fs.ErrNotExist},
	}
	for name, tt := range tests {
		f, err := New(Fields{images(tt.files...)}, name != "text")
		var e *FieldError
		if f != nil || !errors.As(err, &e) || e.Error() != tt.want || tt.is != nil && !errors.Is(err, tt.is) {
			t.Errorf("%s: got %v, want %s", name, err, tt.want)
		}
		if err != nil && strings.Contains(err.Error(), os.TempDir()) {
			t.Errorf("%s: names a temporary file: %v", name, err)
		}
	}
}

// The pointer of a file that the contract has no list for has no index.
func TestASingleFile(t *testing.T) {
	t.Parallel()
	list, err := FieldsOf(struct {
		Mask types.File `json:"mask"`
	}{announced(t, png, -1)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := New(list, false); err == nil || err.Error() != "/mask has a size that no file can have" {
		t.Errorf("got %v", err)
	}
}

const svg = `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>`

// An image is what its first bytes say, whatever its name; its part says so, too.
func TestImagesCarryTheirMediaType(t *testing.T) {
	t.Parallel()
	for data, want := range map[string][2]string{
		string(png):                   {"image/png", "image.png"},
		"\xff\xd8\xff\xe0":            {"image/jpeg", "image.jpg"},
		"GIF89a\x01\x00":              {"image/gif", "image.gif"},
		"RIFF\x00\x00\x00\x00WEBPVP8": {"image/webp", "image.webp"},
		"\x00\x00\x00\x18ftypavif\x00\x00\x00\x00avifmif1": {"image/avif", "image.avif"},
		"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic": {"image/heic", "image.heic"},
		"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1miaf": {"image/heif", "image.heif"},
		"II*\x00\x08\x00\x00\x00":                          {"image/tiff", "image.tiff"},
		"BM\x46\x00\x00\x00\x00\x00":                       {"image/bmp", "image.bmp"},
		svg:                                                {"image/svg+xml", "image.svg"},
	} {
		for _, anyFile := range []bool{false, true} {
			f, err := New(Fields{images(file("", []byte(data)))}, anyFile)
			if err != nil {
				t.Errorf("%q: %v", data, err)
				continue
			}
			parts, err := readParts(f.ContentType(), f.Open())
			if err != nil || len(parts) != 1 || parts[0].contentType != want[0] || parts[0].filename != want[1] || parts[0].data != data {
				t.Errorf("%q: %v, %v", data, parts, err)
			}
			f.Close()
		}
	}
}

func TestFilesThatAreNoImages(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]string{
		"a fox in the snow":         "text/plain; charset=utf-8",
		"\tBMW builds cars":         "text/plain; charset=utf-8",
		"<html><svg></svg></html>":  "text/html; charset=utf-8",
		`<?xml version="1.0"?><a/>`: "text/xml; charset=utf-8",
		`{"prompt":"a fox"}`:        "text/plain; charset=utf-8",
		"%PDF-1.7":                  "application/pdf",
		"PK\x03\x04":                "application/zip",
		"\x00\x01\x02\x03":          "application/octet-stream",
		"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2": "application/octet-stream",
	} {
		var field *FieldError
		if f, err := New(Fields{prompt("p"), images(file("a.png", []byte(data)))}, false); f != nil || !errors.As(err, &field) || !errors.Is(err, ErrNotImage) || field.Pointer != "/sourceImage/0" || strings.Contains(err.Error(), data) {
			t.Errorf("%q: %v", data, err)
		}
		if _, parts := written(t, Fields{images(file("a.png", []byte(data)))}); parts[0].contentType != want || parts[0].data != data {
			t.Errorf("%q is sent as %v", data, parts)
		}
	}
}
