package image

import (
	"bytes"
	stdimage "image"
	"image/color/palette"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"
)

// encoded returns small images as the standard library writes them.
func encoded(t *testing.T) map[string][]byte {
	t.Helper()
	picture := stdimage.NewPaletted(stdimage.Rect(0, 0, 2, 2), palette.Plan9)
	var p, j, g bytes.Buffer
	for _, err := range []error{png.Encode(&p, picture), jpeg.Encode(&j, picture, nil), gif.Encode(&g, picture, nil)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return map[string][]byte{".png": p.Bytes(), ".jpg": j.Bytes(), ".gif": g.Bytes()}
}

func TestDetectWhatTheStandardLibraryWrites(t *testing.T) {
	t.Parallel()
	for ext, data := range encoded(t) {
		if kind, ok := Detect(data); !ok || kind.Ext != ext {
			t.Errorf("%s: %v, %t", ext, kind, ok)
		}
	}
}

const ftyp = "\x00\x00\x00\x1cftyp"

var heads = map[string]struct {
	head string
	want Type
}{
	"PNG":                    {"\x89PNG\r\n\x1a\n", PNG},
	"JPEG with Exif":         {"\xff\xd8\xff\xe1\x00\x18Exif", JPEG},
	"JPEG without":           {"\xff\xd8\xff\xdb", JPEG},
	"GIF87a":                 {"GIF87a\x01\x00", GIF},
	"GIF89a":                 {"GIF89a\x01\x00", GIF},
	"GIF, 26,728 wide":       {"GIF89ahhhh  \x00,", GIF},
	"WebP":                   {"RIFF\x24\x00\x00\x00WEBPVP8 ", WebP},
	"WebP with alpha":        {"RIFF\x24\x00\x00\x00WEBPVP8L", WebP},
	"TIFF, Intel":            {"II*\x00\x08\x00\x00\x00", TIFF},
	"TIFF, Motorola":         {"MM\x00*\x00\x00\x00\x08", TIFF},
	"BigTIFF":                {"II+\x00\x08\x00\x00\x00", TIFF},
	"BMP":                    {"BM\x46\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00\x28\x00\x00\x00", BMP},
	"AVIF":                   {ftyp + "avif\x00\x00\x00\x00avifmif1miaf", AVIF},
	"AVIF, the brand alone":  {ftyp + "avif", AVIF},
	"AVIF, a sequence":       {ftyp + "avis\x00\x00\x00\x00avismsf1miaf", AVIF},
	"AVIF, second":           {ftyp + "mif1\x00\x00\x00\x00mif1avifmiaf", AVIF},
	"HEIC":                   {ftyp + "heic\x00\x00\x00\x00mif1heicmiaf", HEIC},
	"HEIC, 10 bits":          {ftyp + "heix\x00\x00\x00\x00mif1heixmiaf", HEIC},
	"HEIC, a sequence":       {ftyp + "hevc\x00\x00\x00\x00msf1hevcmiaf", HEIC},
	"HEIC, second":           {ftyp + "mif1\x00\x00\x00\x00mif1heicmiaf", HEIC},
	"HEIF":                   {ftyp + "mif1\x00\x00\x00\x00mif1miafunif", HEIF},
	"HEIF, a sequence":       {ftyp + "msf1\x00\x00\x00\x00msf1miafiso8", HEIF},
	"a box longer than head": {"\x00\x00\xff\xffftypmif1\x00\x00\x00\x00mif1heic", HEIC},
	"a box of no size":       {"\x00\x00\x00\x00ftypavif\x00\x00\x00\x00", AVIF},

	"nothing":                 {"", Type{}},
	"half a PNG":              {"\x89PNG\r\n", Type{}},
	"text":                    {"a fox in the snow", Type{}},
	"text that begins as BMP": {"BMW builds cars, and no bitmaps at all", Type{}},
	"BMP, two bytes":          {"BM", Type{}},
	"HTML":                    {"<!DOCTYPE html><html>", Type{}},
	"XML":                     {`<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>`, Type{}},
	"JSON":                    {`{"error":"expired"}`, Type{}},
	"SVG":                     {`<svg xmlns="http://www.w3.org/2000/svg"/>`, Type{}},
	"PDF":                     {"%PDF-1.7", Type{}},
	"WAV":                     {"RIFF\x24\x00\x00\x00WAVEfmt ", Type{}},
	"MP4":                     {ftyp + "isom\x00\x00\x02\x00isomiso2avc1", Type{}},
	"QuickTime":               {ftyp + "qt  \x00\x00\x02\x00qt  ", Type{}},
	"a version like a brand":  {ftyp + "isomavifisomiso2avc1", Type{}},
	"a brand after the box":   {"\x00\x00\x00\x14ftypisom\x00\x00\x02\x00iso2avif", Type{}},
	"ftyp alone":              {"\x00\x00\x00\x08ftyp", Type{}},
	"text with ftyp":          {"The ftyp box", Type{}},
	"text, as GIF":            {"GIF89a is a format of images, and this is a text", Type{}},
	"text, as an old GIF":     {"GIF87a\r\n\tein Format für Bilder\n", Type{}},
	"text, as WebP":           {"RIFFxxxxWEBP is not one", Type{}},
	"text, as WebP of VP8":    {"RIFFxxxxWEBPVP8 is a codec", Type{}},
	"text, as AVIF":           {"abcdftypavif is a text", Type{}},
	"JSON, as HEIC":           {"{}  ftypheic", Type{}},
	"a JSON list, as AVIF":    {`["1"ftypavif", 2]`, Type{}},
	"a box of over 64 KB":     {"\x7f\xff\xff\xffftypmif1\x00\x00\x00\x00mif1heic", Type{}},
	"GIF, 6 bytes":            {"GIF89a", Type{}},
	"gzip":                    {"\x1f\x8b\x08", Type{}},
	"zeros":                   {strings.Repeat("\x00", 64), Type{}},
}

func TestDetect(t *testing.T) {
	t.Parallel()
	for name, tt := range heads {
		if kind, ok := Detect([]byte(tt.head)); kind != tt.want || ok != (tt.want != Type{}) {
			t.Errorf("%s: %v, %t; want %v", name, kind, ok, tt.want)
		}
	}
}

func TestIsSVG(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		`<svg xmlns="http://www.w3.org/2000/svg"/>`: true, "<svg>": true, " \r\n\t<svg/>": true, "\ufeff<svg\nwidth='1'>": true,
		`<?xml version="1.0" encoding="UTF-8"?>` + "\n<svg>":                              true,
		`<?xml version="1.0"?><!-- drawn by <hand> --><?x y?><svg>`:                       true,
		`<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x"><g:svg>`: true,
		`<svg:svg xmlns:svg="http://www.w3.org/2000/svg">`:                                true,
		"<!--" + strings.Repeat("x", 400) + "--><svg>":                                    true,
		"": false, "<": false, "<svg": false, "<svgs>": false, "<html><svg></svg></html>": false, "<!DOCTYPE html><svg>": false, "<!-- <svg>": false,
		"a <svg>": false, "<?xml version='1.0'?><Error/>": false, `{"svg":"<svg>"}`: false, "<?": false,
		"<!--" + strings.Repeat("x", HeadLen) + "--><svg>": false,
	} {
		if got := IsSVG([]byte(text)); got != want {
			t.Errorf("%.80q: %t", text, got)
		}
	}
}

// An image is told from its beginning, and what follows does not change it.
func FuzzDetect(f *testing.F) {
	for _, seed := range []string{"\x89PNG\r\n\x1a\n", "BM\x00", ftyp + "mif1\x00\x00\x00\x00avif", "\xff\xff\xff\xffftypmif1", "RIFF0000WEBP", "<!--", "<?xml?><svg>"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, head []byte) {
		kind, ok := Detect(head)
		IsSVG(head)
		if ok != (kind != Type{}) {
			t.Errorf("%v, %t", kind, ok)
		}
		if again, still := Detect(append(head[:len(head):len(head)], "avif"...)); ok && kind != HEIF && (!still || again != kind) {
			t.Errorf("%v, then %v", kind, again)
		}
	})
}
