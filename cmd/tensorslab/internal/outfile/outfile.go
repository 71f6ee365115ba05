// Package outfile writes files that are at any time either whole or not there.
package outfile

import (
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
)

// Prepare makes a folder, with those above it, and makes sure that files can be
// written there: better now than when they have been paid for.
func Prepare(dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	probe, err := create(dir)
	if err != nil {
		return err
	}
	return errors.Join(probe.Close(), os.Remove(probe.Name()))
}

// Save has fill write a file in dir, whose name is base with an extension that
// tells the kind of its content. The file gets its name when it is whole and on
// the disk; if anything fails, nothing of it is left. Unless force is set, a file
// that is there already is left alone, and the error is fs.ErrExist.
func Save(dir, base string, force bool, fill func(io.Writer) error) (path string, err error) {
	if !force {
		if err := missing(dir, base); err != nil {
			return "", err
		}
	}
	tmp, err := create(dir)
	if err != nil {
		return "", err
	}
	defer func() {
		if err != nil {
			tmp.Close()
			os.Remove(tmp.Name())
		}
	}()
	kind := &head{}
	if err := fill(io.MultiWriter(tmp, kind)); err != nil {
		return "", err
	}
	if err := errors.Join(tmp.Sync(), tmp.Close()); err != nil {
		return "", err
	}
	path = filepath.Join(dir, base+kind.extension())
	return path, rename(tmp.Name(), path, force)
}

// rename gives the file its name. Unless force is set it takes the name first,
// in one step with looking whether it is free.
func rename(from, to string, force bool) error {
	if force {
		return os.Rename(from, to)
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

// create makes a temporary file with the mode that the umask leaves, which
// os.CreateTemp would not.
func create(dir string) (*os.File, error) {
	return os.OpenFile(filepath.Join(dir, ".tensorslab-"+rand.Text()+".tmp"), os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o666)
}

// extensions are those of the kinds of images that are known, and of others.
var extensions = map[string]string{
	"image/png": ".png", "image/jpeg": ".jpg", "image/webp": ".webp", "image/gif": ".gif", "image/bmp": ".bmp",
}

const otherExtension = ".bin"

// missing looks for the file before it is fetched, under any name that it may get.
func missing(dir, base string) error {
	names := []string{base + otherExtension}
	for _, extension := range extensions {
		names = append(names, base+extension)
	}
	for _, name := range names {
		path := filepath.Join(dir, name)
		if _, err := os.Lstat(path); err == nil {
			return &fs.PathError{Op: "create", Path: path, Err: fs.ErrExist}
		} else if !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// head keeps the beginning of what is written.
type head struct{ data []byte }

func (h *head) Write(p []byte) (int, error) {
	const sniffed = 512
	h.data = append(h.data, p[:min(len(p), sniffed-len(h.data))]...)
	return len(p), nil
}

func (h *head) extension() string {
	if extension, ok := extensions[http.DetectContentType(h.data)]; ok {
		return extension
	}
	return otherExtension
}
