//go:build unix

package cli

import (
	"os"
	"path/filepath"
	"testing"
)

// Only what the runtime opens in place of a closed standard output is replaced.
func TestOutput(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		path     string
		flags    int
		replaced bool
	}{
		"/dev/null of the runtime":    {os.DevNull, os.O_RDWR, true},
		"/dev/null of a shell":        {os.DevNull, os.O_WRONLY, false},
		"/dev/null to append to":      {os.DevNull, os.O_WRONLY | os.O_APPEND, false},
		"a file":                      {filepath.Join(t.TempDir(), "a"), os.O_WRONLY | os.O_CREATE, false},
		"a file to read and to write": {filepath.Join(t.TempDir(), "b"), os.O_RDWR | os.O_CREATE, false},
	} {
		f, err := os.OpenFile(tt.path, tt.flags, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		if replaced := Output(f, os.Stderr) == os.Stderr; replaced != tt.replaced {
			t.Errorf("%s: replaced %v", name, replaced)
		}
		f.Close()
		if Output(f, os.Stderr) != os.Stderr {
			t.Errorf("%s: a closed file is kept", name)
		}
	}
}
