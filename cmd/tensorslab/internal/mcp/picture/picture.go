// Package picture makes images small enough for a message.
package picture

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	_ "image/gif" // is one of the formats that Fit decodes
	"image/jpeg"
	_ "image/png" // the same

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp" // the same
)

const (
	// maxSide is the longer side of the result, in pixels. Larger pictures are scaled down by
	// models, and cost more.
	maxSide = 1024
	// maxPixels bounds the memory that a picture takes: a small file may declare any size, and
	// a progressive JPEG takes 15 bytes for each pixel. It is twice what the service makes.
	maxPixels = 32 << 20
	// maxLength is the longer side of the largest picture. Scaling takes memory for each line,
	// however few pixels it has.
	maxLength = 1 << 16
	// minSide is the size at which Fit gives up.
	minSide = 64
)

// Picture is an image for a message.
type Picture struct {
	Data          []byte
	MediaType     string // image/png, image/jpeg, image/gif or image/webp
	Width, Height int    // of the original, in pixels
}

// ErrFormat is the error for an image that cannot be decoded, such as an AVIF.
var ErrFormat = errors.New("its format is not supported")

// Fit returns an image of at most most bytes and 1024 pixels on its longer side: the
// original if it fits, and otherwise a JPEG of it, on white if it is transparent. It
// decodes the whole image in any case, because models refuse a message with a broken one.
// A panic of a decoder is an error, too: the image comes from elsewhere.
func Fit(data []byte, most int) (p Picture, err error) {
	defer func() {
		if recover() != nil {
			p, err = Picture{}, errors.New("it is broken: its decoder failed")
		}
	}()
	return fit(data, most)
}

func fit(data []byte, most int) (Picture, error) {
	config, format, err := image.DecodeConfig(bytes.NewReader(data))
	switch {
	case errors.Is(err, image.ErrFormat):
		return Picture{}, ErrFormat
	case err != nil:
		return Picture{}, fmt.Errorf("it is broken: %w", err)
	case config.Width <= 0 || config.Height <= 0 || max(config.Width, config.Height) > maxLength || config.Width > maxPixels/config.Height:
		return Picture{}, fmt.Errorf("it has %d by %d pixels", config.Width, config.Height)
	}
	whole, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return Picture{}, fmt.Errorf("it is broken: %w", err)
	}
	p := Picture{Data: data, MediaType: "image/" + format, Width: config.Width, Height: config.Height}
	if len(data) <= most && max(p.Width, p.Height) <= maxSide {
		return p, nil
	}
	p.MediaType = "image/jpeg"
	for side := min(maxSide, max(p.Width, p.Height)); side >= minSide; side /= 2 {
		small := scale(whole, side)
		for _, quality := range []int{85, 60} {
			if p.Data, err = encode(small, quality); err == nil && len(p.Data) <= most {
				return p, nil
			}
		}
	}
	return Picture{}, errors.New("it is too large")
}

// scale returns an image on white whose longer side has this many pixels.
func scale(whole image.Image, side int) image.Image {
	from := whole.Bounds()
	longer := max(from.Dx(), from.Dy())
	to := image.Rect(0, 0, max(1, from.Dx()*side/longer), max(1, from.Dy()*side/longer))
	small := image.NewRGBA(to)
	draw.Draw(small, to, image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.CatmullRom.Scale(small, to, whole, from, draw.Over, nil)
	return small
}

func encode(picture image.Image, quality int) ([]byte, error) {
	var out bytes.Buffer
	err := jpeg.Encode(&out, picture, &jpeg.Options{Quality: quality})
	return out.Bytes(), err
}
