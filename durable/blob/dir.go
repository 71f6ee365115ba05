package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
)

// Dir is a [Store] in the directory of this name, which is made if it does not exist. Images are
// written beside their places and renamed when they are whole and synced. A kill may leave a
// file whose name begins with ".tensorslab-".
type Dir string

// Put stores an image, and returns the path of its file. The media type is not kept: the
// name has the extension. A file that is there already, and is not empty, is kept.
func (d Dir) Put(ctx context.Context, name, _ string, image io.ReadSeeker, size int64) (string, error) {
	if !filepath.IsLocal(filepath.FromSlash(name)) {
		return "", fmt.Errorf("%q is not a name in a directory", name)
	}
	path := filepath.Join(string(d), filepath.FromSlash(name))
	if isWhole(path) {
		return path, nil
	}
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, 0o777); err != nil { //nolint:gosec // the umask decides
		return "", err
	}
	// The name is its own, since another machine may write the same image.
	part, err := os.CreateTemp(folder, ".tensorslab-*")
	if err != nil {
		return "", err
	}
	err = errors.Join(fill(part, image, size), part.Close(), ctx.Err())
	if err == nil {
		err = os.Rename(part.Name(), path)
	}
	if err != nil {
		_ = os.Remove(part.Name()) // the first error says more
		if !isWhole(path) {        // Windows does not replace a file that somebody reads
			return "", err
		}
	}
	return path, syncFolder(folder)
}

// isWhole reports whether an image is at path, which no part of one ever is.
func isWhole(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Size() > 0
}

// fill writes the image, which is synced and may be read by others.
func fill(part *os.File, image io.Reader, size int64) error {
	n, err := io.Copy(part, image)
	if err == nil && n != size {
		err = fmt.Errorf("the image has %d bytes, and not %d: %w", n, size, io.ErrUnexpectedEOF)
	}
	if err == nil && runtime.GOOS != "windows" {
		err = part.Chmod(0o644) // a temporary file is its owner's only
	}
	if err == nil {
		err = part.Sync()
	}
	return err
}

// syncFolder makes a rename durable, where a system can do that.
func syncFolder(folder string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	f, err := os.Open(folder) //nolint:gosec // the caller names it
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
