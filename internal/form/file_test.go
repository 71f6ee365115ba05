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
	if got := safeFilename("", "text/plain; charset=utf-8"); got != "image" {
		t.Errorf("got %q", got)
	}
}

func TestFilesThatAreRefused(t *testing.T) {
	t.Parallel()
	gone, remove := onDisk(t, make([]byte, large))
	remove()
	some := bytes.Repeat([]byte("x"), 600)
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
		"deleted": {[]types.File{file("a", png), gone}, "/sourceImage/1 can't be opened (is its Source closed?): no such file or directory", fs.ErrNotExist},
	}
	for name, tt := range tests {
		f, err := New(Fields{images(tt.files...)})
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
	if _, err := New(list); err == nil || err.Error() != "/mask has a size that no file can have" {
		t.Errorf("got %v", err)
	}
}
