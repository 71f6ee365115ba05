// Package outfile writes files that are at any time either complete or absent.
package outfile

import (
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// Folder is a directory to write files to. It is safe for concurrent use.
type Folder struct {
	dir   string
	force bool

	mu        sync.Mutex
	temporary map[string]bool // the names of the temporary files
	discarded bool
}

// Open creates a directory with its parents, and checks that files can be written there,
// before they are paid for. With force, existing files are replaced.
func Open(dir string, force bool) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	f := &Folder{dir: dir, force: force, temporary: make(map[string]bool)}
	probe, err := f.create()
	if err != nil {
		return nil, err
	}
	return f, errors.Join(probe.Close(), f.remove(probe.Name()))
}

// Replaces reports whether the folder was opened with force.
func (f *Folder) Replaces() bool { return f.force }

// Save calls fill to write a file whose name is base with the extension that fill
// returns, which is one of extensions.
// The file is renamed into place once it is complete and on disk; if anything fails,
// nothing is left of it. Unless the folder was opened with force, an existing file is
// kept and the error is fs.ErrExist.
func (f *Folder) Save(base string, fill func(io.Writer) (extension string, err error)) (path string, err error) {
	if !f.force {
		if err := f.missing(base); err != nil {
			return "", err
		}
	}
	tmp, err := f.create()
	if err != nil {
		return "", err
	}
	// After a link the temporary name is still there; after a rename it is not.
	defer func() { _ = f.remove(tmp.Name()) }()
	extension, err := fill(tmp)
	if err := errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return "", err
	}
	path = filepath.Join(f.dir, base+extension)
	if err := f.rename(tmp.Name(), path); err != nil {
		return "", err
	}
	return path, nil
}

// Discard removes incomplete files and prevents new ones. It is for a process that is
// about to exit.
func (f *Folder) Discard() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.discarded = true
	for name := range f.temporary {
		_ = os.Remove(name)
	}
}

// create creates a temporary file with the mode that the umask allows, unlike
// os.CreateTemp.
func (f *Folder) create() (*os.File, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.discarded {
		return nil, errors.New("the folder was discarded")
	}
	tmp, err := os.OpenFile(filepath.Join(f.dir, ".tensorslab-"+rand.Text()+".tmp"), os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o666)
	if err == nil {
		f.temporary[tmp.Name()] = true
	}
	return tmp, err
}

func (f *Folder) remove(name string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.temporary, name)
	return os.Remove(name)
}

// rename renames a file into place. Its errors name only the new name, because users do
// not know the temporary one.
func (f *Folder) rename(from, to string) error {
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

// extensions are those of the images that wrapper.Downloaded names.
var extensions = []string{".avif", ".bmp", ".gif", ".heic", ".heif", ".jpg", ".png", ".tiff", ".webp"}

// missing returns an error if the file exists with any extension that it may get. It is
// called before the download.
func (f *Folder) missing(base string) error {
	for _, extension := range extensions {
		path := filepath.Join(f.dir, base+extension)
		if _, err := os.Lstat(path); err == nil {
			return &fs.PathError{Op: "create", Path: path, Err: fs.ErrExist}
		} else if !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
