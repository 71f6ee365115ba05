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
	"regexp"
	"strings"
	"testing"
)

// box returns a box of an ISO base media file.
func box(kind, content string) string {
	return string(binary.BigEndian.AppendUint32(nil, uint32(8+len(content)))) + kind + content
}

// chunk returns a chunk of a WebP, and webp a WebP of such chunks.
func chunk(kind, content string) string {
	text := kind + string(binary.LittleEndian.AppendUint32(nil, uint32(len(content)))) + content
	return text + strings.Repeat("\x00", len(text)%2)
}

func webp(chunks string) string {
	return "RIFF" + string(binary.LittleEndian.AppendUint32(nil, uint32(4+len(chunks)))) + "WEBP" + chunks
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
		"WebP": webp(chunk("VP8X", "\x00\x00\x00\x00") + chunk("VP8 ", "odd")),
		"AVIF": box("ftyp", "avif\x00\x00\x00\x00avif") + box("meta", rest) + box("mdat", rest),
		"HEIC": box("ftyp", "heic\x00\x00\x00\x00heic") + large,
	}
}

const (
	gifHead  = "GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff"
	gifImage = ",\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00"
)

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
		"a GIF that ends in a comment":       gifHead + "!\xfe\x20a comment of 32 bytes;",
		"a GIF without an image":             gifHead + "!\xfe\x04a; b\x00;",
		"a JPEG that ends after a thumbnail": "\xff\xd8\xff\xe1\x00\x12Exif\x00\x00\xff\xd8thumb\xff\xd9",
		"a JPEG with nothing but that":       "\xff\xd8\xff\xe1\x00\x11Exif\x00\x00\xff\xd8thumb\xff\xd9\xff\xd9",
		"a JPEG that ends in an escape":      "\xff\xd8\xff\xda\x00\x02data\xff\x00\xd9",
		"a WebP of zero bytes":               webp(chunk("VP8 ", strings.Repeat("\x00", 88))),
		"a WebP that ends in zero bytes":     webp(chunk("VP8 ", "begins"+strings.Repeat("\x00", 88))),
		"a WebP without an image":            webp(chunk("EXIF", "an image?")),
		"a WebP with a chunk beyond its end": webp(chunk("VP8 ", "image")[:12]) + "ge\x00",
		"an AVIF that ends in zero bytes":    box("ftyp", "avif\x00\x00\x00\x00avif") + box("mdat", "begins"+strings.Repeat("\x00", 88)),
		"a PNG with zero bytes inside":       strings.Replace(wholeImages(t)["PNG"], "IDAT", "IDAT\x00\x00", 1)[:len(wholeImages(t)["PNG"])],
		"a PNG whose data was lost":          regexp.MustCompile(`(?s)(IDAT.).`).ReplaceAllString(wholeImages(t)["PNG"], "$1\x00"),
	} {
		if is(content) {
			t.Errorf("%s: whole", name)
		}
	}
	for name, content := range map[string]string{
		"zero bytes at the end":  wholeImages(t)["PNG"] + "\x00\x00",
		"an animation":           gifHead + "!\xff\x03abc\x00" + gifImage + gifImage + ";",
		"a WebP that moves":      webp(chunk("ANIM", "") + chunk("ANMF", "1") + chunk("ANMF", "2")),
		"a JPEG with two scans":  "\xff\xd8\xff\xe1\x00\x04\xff\xd9\xff\xff\xda\x00\x02a\xff\x00b\xff\xd3c\xff\xc4\x00\x03x\xff\xda\x00\x02d\xff\xd9",
		"a GIF with a thumbnail": gifHead + "!\xff\x01;\x00" + gifImage + ";",
	} {
		if !is(content) {
			t.Errorf("%s: not whole", name)
		}
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
