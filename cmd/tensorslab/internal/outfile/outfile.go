// Package outfile writes files that are at any time either complete or absent.
package outfile

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// Folder is a directory to write files to. It is safe for concurrent use.
type Folder struct {
	dir   string
	force bool

	mu        sync.Mutex
	temporary map[string]bool // the names of the temporary directories
	discarded bool
}

// NameFunc returns the name of a file below a folder, with slashes, for an extension.
// The extension does not change its directory.
type NameFunc func(extension string) string

// Open creates a directory with its parents, and checks that files can be written there,
// before they are paid for. With force, existing files are replaced.
func Open(dir string, force bool) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	f := &Folder{dir: dir, force: force, temporary: make(map[string]bool)}
	probe, err := f.create(dir)
	if err != nil {
		return nil, err
	}
	return f, f.remove(probe)
}

// Replaces reports whether the folder was opened with force.
func (f *Folder) Replaces() bool { return f.force }

// Save calls fill to write the file at part, which does not exist yet, completely and
// durably, and to return its extension, which is one of extensions. Then the file gets
// its name; if anything fails, nothing is left of it. Unless the folder was opened with
// force, an existing file is kept and the error is fs.ErrExist. If that is known before
// fill, fill is not called.
func (f *Folder) Save(name NameFunc, fill func(part string) (extension string, err error)) (path string, err error) {
	if !f.force {
		switch found, err := f.Find(name); {
		case err != nil:
			return "", err
		case found != "":
			return "", exists(found)
		}
	}
	place := f.path(name, ".part")
	if err := os.MkdirAll(filepath.Dir(place), 0o777); err != nil {
		return "", err
	}
	// The part has a directory of its own, so that Discard also removes what fill keeps beside it.
	tmp, err := f.create(filepath.Dir(place))
	if err != nil {
		return "", err
	}
	defer func() { _ = f.remove(tmp) }()
	part := filepath.Join(tmp, filepath.Base(place))
	extension, err := fill(part)
	if err != nil {
		return "", err
	}
	path = f.path(name, extension)
	if err := f.rename(part, path); err != nil {
		return "", err
	}
	return path, nil
}

// Find returns the path of a file that has the name with any extension that Save may
// give it, or "".
func (f *Folder) Find(name NameFunc) (path string, err error) {
	for _, extension := range extensions {
		path := f.path(name, extension)
		if _, err := os.Lstat(path); err == nil {
			return path, nil
		} else if !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
	}
	return "", nil
}

// extensions are those of the images that wrapper.Downloaded names.
var extensions = []string{".avif", ".bmp", ".gif", ".heic", ".heif", ".jpg", ".png", ".tiff", ".webp"}

// IsImageName reports whether a file with this name is an image, by its extension.
func IsImageName(name string) bool {
	extension := strings.ToLower(filepath.Ext(name))
	return extension == ".jpeg" || slices.Contains(extensions, extension)
}

func (f *Folder) path(name NameFunc, extension string) string {
	return filepath.Join(f.dir, filepath.FromSlash(name(extension)))
}

// Discard removes incomplete files and prevents new ones. It is for a process that is
// about to exit.
func (f *Folder) Discard() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.discarded = true
	for name := range f.temporary {
		_ = os.RemoveAll(name)
	}
}

// create creates a temporary directory.
func (f *Folder) create(dir string) (name string, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.discarded {
		return "", errors.New("the folder was discarded")
	}
	name = filepath.Join(dir, ".tensorslab-"+rand.Text()+".tmp")
	if err := os.Mkdir(name, 0o700); err != nil {
		var at *fs.PathError
		if errors.As(err, &at) { // users do not know the temporary name
			return "", &fs.PathError{Op: "create files in", Path: dir, Err: at.Err}
		}
		return "", err
	}
	f.temporary[name] = true
	return name, nil
}

func (f *Folder) remove(name string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.temporary, name)
	return os.RemoveAll(name)
}
