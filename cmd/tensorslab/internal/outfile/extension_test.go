package outfile

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSaveNamesFilesByTheirContent(t *testing.T) {
	t.Parallel()
	for content, want := range map[string]string{
		png + "x": "a.png", "\xff\xd8\xff": "a.jpg", "RIFF0000WEBPVP8 ": "a.webp", "GIF89a": "a.gif", "text": "a.bin", "": "a.bin",
		png + strings.Repeat("x", 5000): "a.png",
	} {
		dir := t.TempDir()
		path, err := open(t, dir, false).Save("a", writes(content))
		if err != nil || filepath.Base(path) != want {
			t.Errorf("%q: %s, %v; want %s", content[:min(8, len(content))], path, err, want)
			continue
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != content || list(t, dir) != want {
			t.Errorf("%d bytes, %v, in %s", len(got), err, list(t, dir))
		}
	}
}
