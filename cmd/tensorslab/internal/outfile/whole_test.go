package outfile

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/gif"
	"image/jpeg"
	pngcodec "image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// box returns a box of an ISO base media file.
func box(kind, content string) string {
	return string(binary.BigEndian.AppendUint32(nil, uint32(8+len(content)))) + kind + content
}

// wholeImages returns an image of each kind that says where it ends.
func wholeImages(t *testing.T) map[string]string {
	t.Helper()
	picture := image.NewGray(image.Rect(0, 0, 9, 9))
	var p, j, g bytes.Buffer
	for _, err := range []error{pngcodec.Encode(&p, picture), jpeg.Encode(&j, picture, nil), gif.Encode(&g, picture, nil)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	const rest = "0123456789abcdef0123456789abcdef"
	large := "\x00\x00\x00\x01mdat" + string(binary.BigEndian.AppendUint64(nil, 16+uint64(len(rest)))) + rest
	return map[string]string{
		"PNG": p.String(), "JPEG": j.String(), "GIF": g.String(),
		"WebP": "RIFF\x24\x00\x00\x00WEBP" + rest,
		"BMP":  "BM\x2e\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00" + rest,
		"AVIF": box("ftyp", "avif\x00\x00\x00\x00avif") + box("meta", rest) + box("mdat", rest),
		"HEIC": box("ftyp", "heic\x00\x00\x00\x00heic") + large,
	}
}

// No file that was cut anywhere is a whole image.
func TestIsWholeImage(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "image")
	is := func(content string) bool {
		put(t, path, content)
		return IsWholeImage(path)
	}
	for name, content := range wholeImages(t) {
		if !is(content) {
			t.Errorf("%s: not whole", name)
		}
		for n := range len(content) {
			if is(content[:n]) {
				t.Errorf("%s: whole with %d of %d bytes", name, n, len(content))
			}
		}
	}
	for name, content := range map[string]string{
		"text": "mine", "a page": "<html>", "TIFF": "II*\x00\x08\x00\x00\x00", "a box to the end": box("ftyp", "avif\x00\x00\x00\x00avif") + "\x00\x00\x00\x00mdat",
		"boxes without data": box("ftyp", "avif\x00\x00\x00\x00avif") + box("meta", ""), "PNG and more": wholeImages(t)["PNG"] + "more",
	} {
		if is(content) {
			t.Errorf("%s: whole", name)
		}
	}
	if !is(wholeImages(t)["PNG"] + "\x00\x00") {
		t.Error("zero bytes at the end")
	}
}

func TestIsWholeImageOfOtherThings(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if IsWholeImage(dir) || IsWholeImage(filepath.Join(dir, "none")) {
		t.Error("a directory, or nothing, is whole")
	}
	put(t, filepath.Join(dir, "a.png"), wholeImages(t)["PNG"])
	link := filepath.Join(dir, "b.png")
	if err := os.Symlink("a.png", link); err == nil && !IsWholeImage(link) {
		t.Error("a link is not followed")
	}
}

func TestIsImage(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, tt := range map[string]struct {
		content string
		want    bool
	}{
		"a.png":    {"\x89PNG\r\n\x1a\n", true},
		"a.PNG":    {"\x89PNG\r\n\x1a\n", true},
		"a.jpg":    {"\xff\xd8\xff\xe0", true},
		"b.png":    {"GIF89a\x01\x00", false},
		"a.bat":    {"GIF89a\x01\x00", false},
		"a.html":   {"GIF89a\x01\x00<script>", false},
		"a.gif":    {"GIF89a<script>", false},
		"a":        {"\x89PNG\r\n\x1a\n", false},
		"c.png":    {"MZ", false},
		"d.png":    {"", false},
		"a.svg":    {"<svg xmlns='http://www.w3.org/2000/svg'/>", false},
		"dir.png/": {"", false},
	} {
		path := filepath.Join(dir, name)
		var err error
		if strings.HasSuffix(name, "/") {
			err = os.Mkdir(path, 0o700)
		} else {
			err = os.WriteFile(path, []byte(tt.content), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
		if got := IsImage(path); got != tt.want {
			t.Errorf("%s with %q: %v", name, tt.content, got)
		}
	}
	if IsImage(filepath.Join(dir, "missing.png")) {
		t.Error("a file that is missing is an image")
	}
	link := filepath.Join(dir, "link.png")
	if os.Symlink(filepath.Join(dir, "a.png"), link) == nil && IsImage(link) {
		t.Error("a link is an image")
	}
}

func TestIsImageName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{"fox.png": true, "a/fox.JPG": true, "fox.jpeg": true, "pictures": false, "fox.txt": false, ".png": true, "": false, "v1.0": false} {
		if got := IsImageName(name); got != want {
			t.Errorf("%q: %v", name, got)
		}
	}
}
