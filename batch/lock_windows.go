package batch

import (
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
)

const errSharingViolation = syscall.Errno(32)

// lockFile opens a file that others may read and not open for writing, as long
// as this process has it open.
func lockFile(path string) (io.Closer, error) {
	name, err := syscall.UTF16PtrFromString(path)
	if err != nil {
		return nil, fmt.Errorf("%w: its lock: %w", ErrJournal, err)
	}
	handle, err := syscall.CreateFile(name, syscall.GENERIC_READ|syscall.GENERIC_WRITE, syscall.FILE_SHARE_READ, nil,
		syscall.OPEN_ALWAYS, syscall.FILE_ATTRIBUTE_NORMAL, 0)
	if errors.Is(err, errSharingViolation) {
		return nil, heldBy(sharedFile(path))
	}
	if err != nil {
		return nil, fmt.Errorf("%w: its lock: %w", ErrJournal, err)
	}
	file := os.NewFile(uintptr(handle), path)
	if err := signed(file); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

// sharedFile is a lock that another process holds.
type sharedFile string

// ReadAt reads the file, which os.Open shares with its writer.
func (f sharedFile) ReadAt(p []byte, off int64) (int, error) {
	file, err := os.Open(string(f))
	if err != nil {
		return 0, err
	}
	defer file.Close()
	return file.ReadAt(p, off)
}

// syncDir does nothing: the file system keeps the names of files by itself.
func syncDir(string) error { return nil }

// tryTurn opens a file beside the journal that nobody else can open meanwhile, and
// that the system removes when it is closed. A removal under way denies the access.
func tryTurn(_ *os.File, path string) (release func(), err error) {
	name, err := syscall.UTF16PtrFromString(path + ".turn")
	if err != nil {
		return nil, err
	}
	const deleteOnClose = 0x04000000
	handle, err := syscall.CreateFile(name, syscall.GENERIC_READ|syscall.GENERIC_WRITE, 0, nil,
		syscall.OPEN_ALWAYS, syscall.FILE_ATTRIBUTE_NORMAL|deleteOnClose, 0)
	switch {
	case errors.Is(err, errSharingViolation), errors.Is(err, syscall.ERROR_ACCESS_DENIED):
		return nil, errBusy
	case err != nil:
		return nil, err
	}
	return func() { _ = syscall.CloseHandle(handle) }, nil
}
