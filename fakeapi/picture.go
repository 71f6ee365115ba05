package fakeapi

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"regexp"
	"strconv"
)

// longSide is the longer side of every image, in pixels.
const longSide = 64

// proportions are a ratio such as 16:9, or a size such as 2048x1024 or
// 1024*1024.
var proportions = regexp.MustCompile(`^([1-9][0-9]{0,4})[:xX*]([1-9][0-9]{0,4})$`)

// sizeOf returns the size of an image with the proportions of a resolution; for
// one without proportions, such as 2K, it is a square.
func sizeOf(resolution string) (width, height int) {
	match := proportions.FindStringSubmatch(resolution)
	if match == nil {
		return longSide, longSide
	}
	x, _ := strconv.Atoi(match[1]) // digits, and few of them
	y, _ := strconv.Atoi(match[2])
	longer := max(x, y)
	return max(1, x*longSide/longer), max(1, y*longSide/longer)
}

// drawImage makes a PNG whose colours depend on the task and the number of the
// image: the same for the same ones, and another for others.
func drawImage(taskID string, number, width, height int) []byte {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s/%d", taskID, number))
	picture := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			shade := uint8(x + y) // at most 126
			picture.SetRGBA(x, y, color.RGBA{R: sum[0] + shade, G: sum[1] - shade, B: sum[2] ^ shade, A: 255})
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		return nil // writing to a buffer does not fail
	}
	return out.Bytes()
}
