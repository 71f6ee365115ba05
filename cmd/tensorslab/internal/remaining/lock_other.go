//go:build !unix

package remaining

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// lock creates a file that must not exist. If a run is killed, its file stays.
func lock(name string) (*os.File, error) {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("%w (if not, remove %s)", ErrBusy, name)
	}
	return f, err
}

// unlock closes the file before it removes it, because an open file cannot be removed.
func unlock(f *os.File) error { return errors.Join(f.Close(), os.Remove(f.Name())) }
