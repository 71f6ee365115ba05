//go:build unix

package remaining

import (
	"errors"
	"os"
	"syscall"
)

// lock creates and locks a file. The lock ends with the process, whatever ends it.
func lock(name string) (*os.File, error) {
	for {
		f, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR|syscall.O_NOFOLLOW, 0o600)
		if err != nil {
			return nil, err
		}
		err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		switch {
		case errors.Is(err, syscall.EWOULDBLOCK):
			f.Close()
			return nil, ErrBusy
		case err != nil && !errors.Is(err, errors.ErrUnsupported): // some network file systems have no locks
			return nil, errors.Join(err, f.Close())
		}
		if isAt(f, name) {
			return f, nil
		}
		f.Close() // the run that held the lock has just removed it
	}
}

func isAt(f *os.File, name string) bool {
	held, err := f.Stat()
	if err != nil {
		return false
	}
	there, err := os.Lstat(name)
	return err == nil && os.SameFile(held, there)
}

// unlock removes the file before it ends the lock, so that no other run locks a file that
// is then removed.
func unlock(f *os.File) error { return errors.Join(os.Remove(f.Name()), f.Close()) }
