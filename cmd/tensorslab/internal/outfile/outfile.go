// Package outfile writes files that are at any time either whole or not there.
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

// Folder is where files are written. It is safe for concurrent use.
type Folder struct {
	dir   string
	force bool

	mu        sync.Mutex
	underWay  map[string]bool // the temporary files
	discarded bool
}

// Open makes a folder, with those above it, and makes sure that files can be
// written there: better now than when they have been paid for. With force, files
// that are there already are replaced.
func Open(dir string, force bool) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	f := &Folder{dir: dir, force: force, underWay: make(map[string]bool)}
	probe, err := f.create()
	if err != nil {
		return nil, err
	}
	return f, errors.Join(probe.Close(), f.remove(probe.Name()))
}

// Replaces reports whether the folder was opened with force.
func (f *Folder) Replaces() bool { return f.force }

// Save has fill write a file whose name is base with an extension that tells the
// kind of its content. The file gets its name when it is whole and on the disk;
// if anything fails, nothing of it is left. Unless the folder was opened with
// force, a file that is there already is left alone, and the error is fs.ErrExist.
func (f *Folder) Save(base string, fill func(io.Writer) error) (path string, err error) {
	if !f.force {
		if err := f.missing(base); err != nil {
			return "", err
		}
	}
	tmp, err := f.create()
	if err != nil {
		return "", err
	}
	// After a rename there is nothing to remove, after a link there is.
	defer func() { _ = f.remove(tmp.Name()) }()
	kind := &head{}
	if err := errors.Join(fill(io.MultiWriter(tmp, kind)), tmp.Sync(), tmp.Close()); err != nil {
		return "", err
	}
	path = filepath.Join(f.dir, base+kind.extension())
	if err := f.name(tmp.Name(), path); err != nil {
		return "", err
	}
	return path, nil
}

// Discard removes what has been written of files that are not whole, and lets no
// further one begin. It is for a process that is about to end.
func (f *Folder) Discard() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.discarded = true
	for name := range f.underWay {
		_ = os.Remove(name)
	}
}

// create makes a temporary file with the mode that the umask leaves, which
// os.CreateTemp would not.
func (f *Folder) create() (*os.File, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.discarded {
		return nil, errors.New("the folder was discarded")
	}
	tmp, err := os.OpenFile(filepath.Join(f.dir, ".tensorslab-"+rand.Text()+".tmp"), os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o666)
	if err == nil {
		f.underWay[tmp.Name()] = true
	}
	return tmp, err
}

func (f *Folder) remove(name string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.underWay, name)
	return os.Remove(name)
}

// name gives a file its name, and the errors of that the name alone: nobody
// knows the temporary one.
func (f *Folder) name(from, to string) error {
	var err error
	if f.force {
		err = os.Rename(from, to)
	} else {
		err = nameNew(from, to, os.Link)
	}
	var link *os.LinkError
	if errors.As(err, &link) {
		return &fs.PathError{Op: "create", Path: to, Err: link.Err}
	}
	return err
}

// nameNew names a file in one step with looking whether the name is free. Where
// a file can't have two names, as on FAT, the name is taken first.
func nameNew(from, to string, link func(from, to string) error) error {
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

// missing looks for the file before it is fetched, under any name that it may get.
func (f *Folder) missing(base string) error {
	for _, extension := range allExtensions() {
		path := filepath.Join(f.dir, base+extension)
		if _, err := os.Lstat(path); err == nil {
			return &fs.PathError{Op: "create", Path: path, Err: fs.ErrExist}
		} else if !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
