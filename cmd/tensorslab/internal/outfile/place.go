package outfile

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// rename gives a complete file its name. Its errors name only the new name, because users
// do not know the temporary one.
func (f *Folder) rename(from, to string) error {
	f.mu.Lock()
	discarded := f.discarded
	f.mu.Unlock()
	if discarded {
		return errors.New("the folder was discarded")
	}
	var err error
	if f.force {
		err = os.Rename(from, to)
	} else {
		err = renameNew(from, to, os.Link)
	}
	var link *os.LinkError
	if errors.As(err, &link) {
		return &fs.PathError{Op: "create", Path: to, Err: link.Err}
	}
	return err
}

func exists(path string) error { return &fs.PathError{Op: "create", Path: path, Err: fs.ErrExist} }

// renameNew renames a file unless the new name exists, in one step. Where hard links are
// not supported, as on FAT, it creates the new name first.
func renameNew(from, to string, link func(from, to string) error) error {
	if err := link(from, to); err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	place, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
	if err != nil {
		return err
	}
	if err := errors.Join(place.Close(), os.Rename(from, to)); err != nil {
		return errors.Join(err, os.Remove(to))
	}
	return nil
}

// Equal calls fill as Save does, and reports whether it wrote what the file at path holds.
// Something at path that cannot be read as a file holds something else.
func (f *Folder) Equal(path string, fill func(part string) (extension string, err error)) (same bool, err error) {
	tmp, err := f.create(filepath.Dir(path))
	if err != nil {
		return false, err
	}
	defer func() { _ = f.remove(tmp) }()
	part := filepath.Join(tmp, filepath.Base(path))
	if _, err := fill(part); err != nil {
		return false, err
	}
	file, err := os.Open(part)
	if err != nil {
		return false, err
	}
	defer file.Close()
	there, err := os.Open(path)
	if err != nil {
		return false, nil // something else, as said above
	}
	defer there.Close()
	return equal(file, there)
}

// equal reports whether both readers have the same content. An error is of the first.
func equal(a, b io.Reader) (bool, error) {
	const chunk = 1 << 16
	bufA, bufB := make([]byte, chunk), make([]byte, chunk)
	for {
		n, errA := io.ReadFull(a, bufA)
		m, errB := io.ReadFull(b, bufB)
		switch {
		case !isEnd(errA):
			return false, errA
		case !isEnd(errB), !bytes.Equal(bufA[:n], bufB[:m]):
			return false, nil
		case n < chunk: // the end of both
			return true, nil
		}
	}
}

// isEnd reports whether err says no more than where a file ends.
func isEnd(err error) bool {
	return err == nil || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}
