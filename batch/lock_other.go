//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd || windows)

package batch

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
)

// lockFile refuses: two processes on one journal would pay twice.
func lockFile(string) (io.Closer, error) {
	return nil, fmt.Errorf("%w: no lock is implemented for %s: %w", ErrJournal, runtime.GOOS, errors.ErrUnsupported)
}

func syncDir(string) error { return nil }

func tryTurn(*os.File, string) (release func(), err error) { return nil, errors.ErrUnsupported }
