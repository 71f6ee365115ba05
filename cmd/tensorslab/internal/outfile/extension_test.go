package outfile

import (
	"io"
	"path/filepath"
	"testing"
)

func TestSaveNamesFilesAsTold(t *testing.T) {
	t.Parallel()
	for _, extension := range extensions {
		path, err := open(t, t.TempDir(), false).Save("a", func(io.Writer) (string, error) { return extension, nil })
		if err != nil || filepath.Base(path) != "a"+extension {
			t.Errorf("%s: %s, %v", extension, path, err)
		}
	}
}
