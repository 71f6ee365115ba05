package fetch

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
)

// GetFile copies the file at u to a file at path. It writes a temporary file in the
// same folder, and renames it once it is whole and on disk, so that path never names
// a part of a file; on any failure nothing is left behind. As nothing of a file that
// breaks off is kept, that is repeated as [Options].Retry says, too. An existing
// file is replaced, unless it is not a regular one.
func (f *Fetcher) GetFile(ctx context.Context, u *url.URL, path string) (Copied, *Failure) {
	if err := f.Check(u); err != nil {
		return Copied{}, &Failure{Host: u.Host, Err: err}
	}
	tmp, err := create(path)
	if err != nil { // before any host had a part in it
		return Copied{}, &Failure{Err: err}
	}
	whole := false
	defer func() {
		tmp.file.Close()
		if !whole {
			os.Remove(tmp.file.Name())
		}
	}()
	got, failed := f.copy(ctx, u, tmp, tmp.empty)
	if failed != nil {
		return Copied{}, failed
	}
	if err := tmp.rename(); err != nil {
		return Copied{}, &Failure{Host: u.Host, Err: err}
	}
	whole = true
	return got, nil
}

// temporary is a file that will be called path. Its errors name path: nobody knows
// the other name.
type temporary struct {
	file *os.File
	path string
}

func create(path string) (*temporary, error) {
	if path == "" || os.IsPathSeparator(path[len(path)-1]) {
		return nil, &fs.PathError{Op: "create", Path: path, Err: errors.New("the path names no file")}
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "create", Path: path, Err: errors.New("it exists, and is not a regular file")}
	}
	name := filepath.Join(filepath.Dir(path), ".tensorslab-"+rand.Text()+".tmp")
	file, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o644) //nolint:gosec // pictures are no secrets; the umask decides
	if err != nil {
		return nil, renamed(err, path)
	}
	return &temporary{file, path}, nil
}

func (t *temporary) Write(p []byte) (int, error) {
	n, err := t.file.Write(p)
	return n, renamed(err, t.path)
}

// empty removes what was written.
func (t *temporary) empty() error {
	_, err := t.file.Seek(0, io.SeekStart)
	return renamed(errors.Join(err, t.file.Truncate(0)), t.path)
}

// rename gives the file its name, once it is on disk.
func (t *temporary) rename() error {
	err := errors.Join(t.file.Sync(), t.file.Close())
	if err == nil {
		err = os.Rename(t.file.Name(), t.path)
	}
	return renamed(err, t.path)
}

// renamed returns an error of a file under the name that the caller knows.
func renamed(err error, path string) error {
	var at *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &at):
		return &fs.PathError{Op: "write", Path: path, Err: at.Err}
	case errors.As(err, &link):
		return &fs.PathError{Op: "write", Path: path, Err: link.Err}
	}
	return err
}
