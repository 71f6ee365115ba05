package fakeapi

import (
	"bytes"
	"image/png"
	"testing"
)

func TestSizeOf(t *testing.T) {
	t.Parallel()
	for resolution, want := range map[string][2]int{
		"":            {64, 64},
		"2K":          {64, 64},
		"1:1":         {64, 64},
		"16:9":        {64, 36},
		"9:16":        {36, 64},
		"4:3":         {64, 48},
		"2:3":         {42, 64},
		"1024*1024":   {64, 64},
		"2048x1024":   {64, 32},
		"1024X2048":   {32, 64},
		"99999x1":     {64, 1},
		"1:99999":     {1, 64},
		"0:1":         {64, 64},
		"1:0":         {64, 64},
		"-1:1":        {64, 64},
		"1:1:1":       {64, 64},
		"100000:1":    {64, 64},
		" 16:9":       {64, 64},
		"16:9\n":      {64, 64},
		"1.5:1":       {64, 64},
		"16\u00d79":   {64, 64},
		"\u0661:1":    {64, 64},
		"16/9":        {64, 64},
		"3000000000:": {64, 64},
	} {
		width, height := sizeOf(resolution)
		if width != want[0] || height != want[1] {
			t.Errorf("%q: %d by %d, want %d by %d", resolution, width, height, want[0], want[1])
		}
	}
}

func TestDrawImage(t *testing.T) {
	t.Parallel()
	seen := make(map[string]string)
	for name, c := range map[string]struct {
		task          string
		number        int
		width, height int
	}{
		"one": {"a", 1, 64, 64}, "two": {"a", 2, 64, 64}, "other": {"b", 1, 64, 64}, "wide": {"a", 1, 64, 1}, "tall": {"a", 1, 1, 64},
	} {
		image := drawImage(c.task, c.number, c.width, c.height)
		config, err := png.DecodeConfig(bytes.NewReader(image))
		if err != nil || config.Width != c.width || config.Height != c.height || len(image) > 20_000 {
			t.Errorf("%s: %d bytes, %+v, %v", name, len(image), config, err)
		}
		if other, again := seen[string(image)]; again {
			t.Errorf("%s is the same as %s", name, other)
		}
		seen[string(image)] = name
		if !bytes.Equal(image, drawImage(c.task, c.number, c.width, c.height)) {
			t.Errorf("%s: not the same twice", name)
		}
	}
}
