package picture

import (
	"bytes"
	"encoding/base64"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
)

// aWebP is a lossless WebP of one pixel, which nothing here can encode.
const aWebP = "UklGRhwAAABXRUJQVlA4TA8AAAAvAAAAAAcQEf0PRET/Aw=="

// noise returns an image that does not compress.
func noise(width, height int) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	random := rand.New(rand.NewPCG(1, 2))
	for i := range img.Pix {
		img.Pix[i] = uint8(random.Uint32())
	}
	return img
}

func asPNG(t *testing.T, img image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// What fits is left as it is, and anything else becomes a JPEG that fits.
func TestFit(t *testing.T) {
	t.Parallel()
	small := image.NewPaletted(image.Rect(0, 0, 10, 20), color.Palette{color.Black, color.White})
	var asJPEG, asGIF bytes.Buffer
	if err := errors.Join(jpeg.Encode(&asJPEG, small, nil), gif.Encode(&asGIF, small, nil)); err != nil {
		t.Fatal(err)
	}
	webp, err := base64.StdEncoding.DecodeString(aWebP)
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		data          []byte
		most          int
		mediaType     string
		width, height int // of the original
		side          int // the longest of the result
	}{
		"small PNG":     {asPNG(t, small), 100_000, "image/png", 10, 20, 20},
		"small JPEG":    {asJPEG.Bytes(), 100_000, "image/jpeg", 10, 20, 20},
		"small GIF":     {asGIF.Bytes(), 100_000, "image/gif", 10, 20, 20},
		"small WebP":    {webp, 100_000, "image/webp", 1, 1, 1},
		"large":         {asPNG(t, image.NewGray(image.Rect(0, 0, 1600, 80))), 100_000, "image/jpeg", 1600, 80, 1024},
		"tall":          {asPNG(t, image.NewGray(image.Rect(0, 0, 10, 5000))), 100_000, "image/jpeg", 10, 5000, 1024},
		"a line":        {asPNG(t, image.NewGray(image.Rect(0, 0, 5000, 1))), 100_000, "image/jpeg", 5000, 1, 1024},
		"too many byte": {asPNG(t, noise(300, 300)), 15_000, "image/jpeg", 300, 300, 150},
	} {
		p, err := Fit(tt.data, tt.most)
		if err != nil || p.MediaType != tt.mediaType || p.Width != tt.width || p.Height != tt.height || len(p.Data) > tt.most {
			t.Errorf("%s: %s, %d by %d, %d bytes, %v", name, p.MediaType, p.Width, p.Height, len(p.Data), err)
			continue
		}
		config, _, err := image.DecodeConfig(bytes.NewReader(p.Data))
		if err != nil || max(config.Width, config.Height) > tt.side || max(config.Width, config.Height) < tt.side/2 {
			t.Errorf("%s: %d by %d, %v", name, config.Width, config.Height, err)
		}
		if fits := tt.mediaType != "image/jpeg" || name == "small JPEG"; fits != bytes.Equal(p.Data, tt.data) {
			t.Errorf("%s: it is the original: %t", name, !fits)
		}
	}
}

// What is transparent is shown on white.
func TestFitOnWhite(t *testing.T) {
	t.Parallel()
	p, err := Fit(asPNG(t, image.NewRGBA(image.Rect(0, 0, 1100, 40))), 100_000)
	if err != nil {
		t.Fatal(err)
	}
	img, err := jpeg.Decode(bytes.NewReader(p.Data))
	if err != nil {
		t.Fatal(err)
	}
	if r, g, b, _ := img.At(500, 20).RGBA(); r < 0xf000 || g < 0xf000 || b < 0xf000 {
		t.Errorf("the colour %x %x %x", r, g, b)
	}
}

// A broken image would make a model refuse the whole message, and a small file may declare
// a size that takes all memory.
func TestFitRefuses(t *testing.T) {
	t.Parallel()
	whole := asPNG(t, noise(50, 50))
	huge := bytes.Clone(asPNG(t, image.NewGray(image.Rect(0, 0, 1, 1))))
	copy(huge[16:], "\x00\x00\xff\xff\x00\x00\xff\xff") // without its checksum, which is checked first
	for name, tt := range map[string]struct {
		data []byte
		most int
		want string
	}{
		"nothing":        {nil, 1000, "its format is not supported"},
		"AVIF":           {[]byte("\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avifmif1miaf"), 1000, "its format is not supported"},
		"HTML":           {[]byte("<html>"), 1000, "its format is not supported"},
		"cut":            {whole[:len(whole)/2], 100_000, "it is broken"},
		"only a header":  {whole[:33], 100_000, "it is broken"},
		"other checksum": {huge, 1000, "it is broken"},
		"a bomb":         {bomb(), 1000, "it has 65500 by 65500 pixels"},
		"long":           {asPNG(t, image.NewPaletted(image.Rect(0, 0, 1<<16+1, 1), color.Palette{color.Black})), 100_000, "it has 65537 by 1 pixels"},
		"high":           {asPNG(t, image.NewPaletted(image.Rect(0, 0, 1, 1<<21), color.Palette{color.Black})), 100_000, "it has 1 by 2097152 pixels"},
		"many pixels":    {[]byte("GIF89a\x00\x20\x00\x20\x80\x00\x00\x00\x00\x00\xff\xff\xff;"), 1000, "it has 8192 by 8192 pixels"},
		"a panic":        {[]byte("PANIC!"), 1000, "it is broken: its decoder failed"},
		"no room":        {asPNG(t, noise(200, 200)), 300, "it is too large"},
	} {
		p, err := Fit(tt.data, tt.most)
		if err == nil || !strings.HasPrefix(err.Error(), tt.want) || p.Data != nil {
			t.Errorf("%s: %d bytes, %v", name, len(p.Data), err)
		}
	}
}

// A decoder that meets what its authors did not think of.
func init() {
	image.RegisterFormat("panics", "PANIC!",
		func(io.Reader) (image.Image, error) { panic("index out of range") },
		func(io.Reader) (image.Config, error) { return image.Config{Width: 1, Height: 1}, nil })
}

// What is as large as is allowed is shown.
func TestFitTheLongest(t *testing.T) {
	t.Parallel()
	p, err := Fit(asPNG(t, image.NewPaletted(image.Rect(0, 0, maxLength, 2), color.Palette{color.Black})), 100_000)
	if err != nil || p.Width != maxLength || p.MediaType != "image/jpeg" {
		t.Errorf("%+v, %v", p, err)
	}
}

// bomb is the beginning of a GIF that declares many pixels.
func bomb() []byte { return []byte("GIF89a\xdc\xff\xdc\xff\x80\x00\x00\x00\x00\x00\xff\xff\xff;") }

func FuzzFit(f *testing.F) {
	f.Add([]byte(aWebP), 100)
	f.Add(bomb(), 100)
	f.Add([]byte("\x89PNG\r\n\x1a\n"), 10_000)
	f.Fuzz(func(t *testing.T, data []byte, most int) {
		p, err := Fit(data, most%1_000_000)
		if err != nil {
			return
		}
		if _, _, err := image.Decode(bytes.NewReader(p.Data)); err != nil || len(p.Data) > most%1_000_000 {
			t.Errorf("%d bytes, %v", len(p.Data), err)
		}
	})
}
