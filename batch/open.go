package batch

import (
	"cmp"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// OpenJournal opens the journal at path, or creates one that only its owner may
// read. It belongs to the caller until Close; a second process, or a second call,
// gets an error that matches [ErrLocked] and names the process that has it. The
// lock is on a file beside it, path.lock, which stays.
//
// A last line that was torn by a crash is moved to path.torn. Any other line that
// is no entry of this version is an error that names the line, and nothing is
// changed: see the format in the package's documentation.
func OpenJournal(path string) (*FileJournal, error) {
	path, err := resolve(path)
	if err != nil {
		return nil, err
	}
	lock, err := lockSoon(path + ".lock")
	if err != nil {
		return nil, fmt.Errorf("batch: journal %s: %w", path, err)
	}
	j, err := open(path, os.O_RDWR|os.O_CREATE|os.O_APPEND)
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	j.lock = lock
	return j, nil
}

// lockSoon takes a lock, and tries for a moment: a program that looks whether a run has the
// journal, or that keeps runs out while it records a decision, has the lock no longer than that.
func lockSoon(path string) (lock io.Closer, err error) {
	for range 50 {
		if lock, err = lockFile(path); !errors.Is(err, ErrLocked) {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	return lock, err
}

// ReadJournal opens the journal at path for reading, as it is now, without a lock:
// also while another process writes it. A last line that is torn is left out, but for one that
// only lacks its line break. Put returns an error.
func ReadJournal(path string) (*FileJournal, error) { return open(path, os.O_RDONLY) }

// resolve follows symbolic links, so that one journal has one lock.
func resolve(path string) (string, error) {
	if path == "" {
		return "", fmt.Errorf("batch: %w: its path is empty", ErrJournal)
	}
	real, err := filepath.EvalSymlinks(path)
	for range maxLinks {
		if !errors.Is(err, fs.ErrNotExist) {
			break
		}
		target, isLink := linked(path)
		if !isLink {
			return path, nil
		}
		path = target
		real, err = filepath.EvalSymlinks(path)
	}
	if err != nil {
		return "", fmt.Errorf("batch: %w: %w", ErrJournal, err)
	}
	return real, nil
}

// maxLinks bounds a chain of symbolic links that ends at no file.
const maxLinks = 40

// linked returns where a symbolic link leads to, also if there is no file yet.
func linked(path string) (target string, isLink bool) {
	target, err := os.Readlink(path)
	if err != nil {
		return "", false
	}
	if !filepath.IsAbs(target) {
		target = filepath.Join(filepath.Dir(path), target)
	}
	return target, true
}

func open(path string, flag int) (*FileJournal, error) {
	j := &FileJournal{path: path, seed: maphash.MakeSeed(), index: map[uint64]place{}, readOnly: flag&os.O_RDWR == 0}
	info, statErr := os.Stat(path)
	switch {
	case statErr == nil && info.IsDir():
		return nil, j.failed(errors.New("it is a directory"))
	case statErr == nil && !info.Mode().IsRegular():
		return nil, j.failed(errors.New("it is not a regular file"))
	}
	file, err := os.OpenFile(path, flag, 0o600)
	if err != nil {
		return nil, j.failed(err)
	}
	j.file = file
	j.turn = func() (func(), error) { return takeTurn(file, path) }
	if err := j.begin(); err != nil {
		return nil, errors.Join(j.failed(err), file.Close())
	}
	if statErr != nil && !j.readOnly {
		if err := syncDir(path); err != nil {
			return nil, errors.Join(j.failed(err), file.Close())
		}
	}
	return j, nil
}

// begin reads the file. Others may be adding to it.
func (j *FileJournal) begin() error {
	release, err := j.turn()
	if err != nil {
		if !j.readOnly {
			return err
		}
		release = func() {} // it is read as it is, by somebody who may not write, for example
	}
	defer release()
	torn, err := j.load()
	err = cmp.Or(err, j.checkTorn(torn))
	if j.readOnly {
		j.broken = errors.New("it was opened for reading")
		if e, invalid := decode(torn); invalid == nil { // only its line break is missing
			j.note(e, int64(len(torn)))
		}
		return err
	}
	if err == nil && len(torn) > 0 {
		err = j.repair(torn)
	}
	j.synced = j.size
	return err
}

// note takes in the line of an entry, which ends the file.
func (j *FileJournal) note(e Entry, length int64) {
	h := j.hash([]byte(e.Key))
	j.index[h] = placeOf(j.size, e.State) | j.index[h]&marked
	j.size += length
	j.noteService([]byte(e.Service))
}

// checkTorn returns an error if all that a file has is a line without its end that no crash
// has left of an entry: then it is a file of another kind, which stays as it is.
func (j *FileJournal) checkTorn(torn []byte) error {
	const begin = `{"v":`
	n := min(len(torn), len(begin))
	if _, err := decode(torn); len(j.index) == 0 && string(torn[:n]) != begin[:n] && err != nil {
		return fmt.Errorf("line 1 %w", err)
	}
	return nil
}

// repair completes a last line that only lacks its line break, and moves any
// other to the file path.torn.
func (j *FileJournal) repair(torn []byte) error {
	if e, err := decode(torn); err == nil {
		if _, err := j.file.Write([]byte("\n")); err != nil {
			return notWritten(err)
		}
		j.note(e, int64(len(torn))+1)
		return j.file.Sync()
	}
	aside, err := os.OpenFile(j.path+".torn", os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("its last line is torn and can't be set aside: %w", err)
	}
	_, err = aside.Write(append(torn, '\n'))
	err = errors.Join(err, aside.Sync(), aside.Close(), syncDir(j.path))
	if err == nil {
		err = errors.Join(j.file.Truncate(j.size), j.file.Sync())
	}
	if err != nil {
		return fmt.Errorf("its last line is torn and can't be set aside: %w", err)
	}
	return nil
}
