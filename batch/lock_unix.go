//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package batch

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
)

// lockFile takes a lock that the system releases when this process ends, however
// it ends.
func lockFile(path string) (io.Closer, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("%w: its lock: %w", ErrJournal, err)
	}
	for {
		err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if !errors.Is(err, syscall.EINTR) {
			break
		}
	}
	switch {
	case errors.Is(err, syscall.EWOULDBLOCK):
		err = heldBy(file)
	case err != nil:
		err = fmt.Errorf("%w: its lock: %w", ErrJournal, err)
	default:
		err = signed(file)
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return fileLock{file}, nil
}

// fileLock is a locked file. It is unlocked before it is closed: a process that is being
// started at this moment has a copy of it, which would keep the lock for a while.
type fileLock struct{ file *os.File }

func (l fileLock) Close() error {
	return errors.Join(syscall.Flock(int(l.file.Fd()), syscall.LOCK_UN), l.file.Close())
}

// syncDir makes the name of a new file durable.
func syncDir(path string) error {
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	err = dir.Sync()
	if errors.Is(err, syscall.EINVAL) { // a file system without it
		err = nil
	}
	return errors.Join(err, dir.Close())
}

// tryTurn locks the file itself, whose other lock is a file beside it.
func tryTurn(file *os.File, _ string) (release func(), err error) {
	for {
		err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if !errors.Is(err, syscall.EINTR) {
			break
		}
	}
	switch {
	case errors.Is(err, syscall.EWOULDBLOCK):
		return nil, errBusy
	case err != nil:
		return nil, err
	}
	return func() { _ = syscall.Flock(int(file.Fd()), syscall.LOCK_UN) }, nil
}
