package batch

import (
	"bytes"
	"cmp"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

// write writes an image beside its place, and gives it its name when it is whole. Until then its
// name is its own, since another process may write an image of the same name.
func (d *directory) write(r Result, image int, open func(w io.Writer) (wrapper.Downloaded, error)) (string, error) {
	folder := filepath.Dir(d.file(r, image, ""))
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return "", err
	}
	part := filepath.Join(folder, ".tensorslab-"+rand.Text()+".part")
	file, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return "", err
	}
	defer func() { _ = os.Remove(part) }() // it has got another name, or is of no use
	got, err := open(file)
	if err == nil {
		err = file.Sync()
	}
	if err = cmp.Or(err, file.Close()); err != nil {
		return "", err
	}
	path := cmp.Or(d.find(r, image, nil), d.file(r, image, got.Ext))
	return path, publish(part, path, os.Link)
}

// publish gives a whole file its name, in one step, so that of two processes one sees the other's file.
// Where there are no hard links, as on FAT, it takes the name before with an empty file.
func publish(part, path string, link func(from, to string) error) error {
	err := link(part, path)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		var empty *os.File
		if empty, err = os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666); err == nil {
			err = errors.Join(empty.Close(), os.Rename(part, path))
		}
	}
	if errors.Is(err, fs.ErrExist) {
		err = publishOver(part, path)
	}
	return cmp.Or(err, syncDir(path))
}

// publishOver replaces a file without a byte, which is what an interrupted program leaves. It keeps every
// other one, and returns an error unless that is the same image.
func publishOver(part, path string) error {
	if info, err := os.Lstat(path); err == nil && info.Mode().IsRegular() && info.Size() == 0 {
		return os.Rename(part, path)
	}
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return fmt.Errorf("batch: %s: %w", path, ErrFileExists)
	}
	want, err := contentOf(part)
	there, thereErr := contentOf(path)
	if err = cmp.Or(err, thereErr); err == nil && !bytes.Equal(want, there) {
		err = fmt.Errorf("batch: %s: %w", path, ErrFileExists)
	}
	return err
}

// contentOf returns a digest of what a file holds.
func contentOf(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	h := sha256.New()
	_, err = io.Copy(h, file)
	return h.Sum(nil), cmp.Or(err, file.Close())
}
