// Package remaining writes the file of ids that a later run has to resume with. At any
// time the file is either the old one or the complete new one.
package remaining

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"sync"
)

// ErrBusy is returned by Create if another run is going to write the file. Whichever of
// the two ended last would replace the ids of the other.
var ErrBusy = errors.New("another run is about to write the file")

// File is a file to be replaced as a whole. It is safe for concurrent use.
type File struct {
	path string

	mu   sync.Mutex
	lock *os.File
	tmp  *os.File
	err  error
	done bool
}

// Create prepares to write path, which is not changed before Save. It locks the file
// against other runs, and creates the temporary file in the same directory, so that it
// fails if path cannot be written. An existing file must be a regular one; a symbolic link
// is followed, also to a file that does not exist yet.
func Create(path string) (*File, error) {
	path = resolve(path)
	mode := fs.FileMode(0o600)
	switch info, err := os.Stat(path); {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is not a regular file", path)
	default:
		mode = info.Mode().Perm()
	}
	hidden := filepath.Join(filepath.Dir(path), "."+filepath.Base(path))
	held, err := lock(hidden + ".lock")
	if inPath := new(fs.PathError); errors.As(err, &inPath) {
		return nil, &fs.PathError{Op: "create", Path: path, Err: inPath.Err} // users do not know the name of the lock
	}
	if err != nil {
		return nil, err
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), filepath.Base(hidden)+".*.tmp")
	if err != nil {
		return nil, errors.Join(err, unlock(held))
	}
	_ = tmp.Chmod(mode) // not every file system has modes; the ids matter more
	return &File{path: path, lock: held, tmp: tmp}, nil
}

// resolve follows symbolic links, of which the last may lead to a file that does not
// exist. A path that cannot be resolved is returned as it is.
func resolve(path string) string {
	const maxLinks = 40
	for range maxLinks {
		if target, err := filepath.EvalSymlinks(path); err == nil {
			return target
		}
		target, err := os.Readlink(path)
		if err != nil {
			return path
		}
		if !filepath.IsAbs(target) {
			target = filepath.Join(filepath.Dir(path), target)
		}
		path = target
	}
	return path
}

// Path returns the name of the file without symbolic links.
func (f *File) Path() string { return f.path }

// Save writes ids, one per line, and renames the file into place. The ids are on disk
// when Save returns nil. Later calls wait for the first one, change nothing and return
// its result; so does a call after Discard.
func (f *File) Save(ids iter.Seq[string]) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.done {
		return f.err
	}
	f.done = true
	f.err = f.save(ids)
	if f.err != nil {
		os.Remove(f.tmp.Name())
	}
	_ = unlock(f.lock) // the ids are on disk
	return f.err
}

func (f *File) save(ids iter.Seq[string]) error {
	w := bufio.NewWriter(f.tmp)
	for id := range ids {
		w.WriteString(id)
		w.WriteByte('\n')
	}
	err := w.Flush()
	if err == nil {
		err = f.tmp.Sync()
	}
	if err := errors.Join(err, f.tmp.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.tmp.Name(), f.path); err != nil {
		return err
	}
	syncDir(filepath.Dir(f.path))
	return nil
}

// syncDir makes the rename survive a power failure. Its errors are ignored: not every
// system can do it, and the file is in place anyway.
func syncDir(dir string) {
	if d, err := os.Open(dir); err == nil {
		_ = d.Sync()
		d.Close()
	}
}

// Discard leaves path as it is and removes the temporary file. After Save it
// does nothing.
func (f *File) Discard() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.done {
		return nil
	}
	f.done = true
	f.err = errors.New("the file was discarded")
	return errors.Join(f.tmp.Close(), os.Remove(f.tmp.Name()), unlock(f.lock))
}
