package batch

import (
	"errors"
	"hash/maphash"
	"io/fs"
	"path/filepath"
	"strings"
)

// snapshot has the names of the files in a directory, so that a preview of many jobs
// need not look for each of their files. A nil snapshot knows nothing.
type snapshot struct {
	seed  maphash.Seed
	names map[uint64]struct{} // in lower case, because file systems may ignore it
}

// maxSnapshot bounds a snapshot. In larger directories each file is looked for.
const maxSnapshot = 500_000

// snapshot lists the files, or returns nil if that can't be done.
func (d *directory) snapshot() *snapshot {
	if d == nil {
		return nil
	}
	s := &snapshot{maphash.MakeSeed(), map[uint64]struct{}{}}
	root := d.path + string(filepath.Separator) // also if it is a symbolic link
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist) && path == root:
			return fs.SkipAll // there is no directory yet, and so no file
		case err != nil || len(s.names) == maxSnapshot:
			return fs.ErrInvalid
		case path == root:
			return nil
		case entry.IsDir() && !d.template.hasFolders():
			return fs.SkipDir
		case entry.Type()&fs.ModeSymlink != 0 && d.template.hasFolders():
			return fs.ErrInvalid // it may be a directory, which is not walked
		}
		s.names[s.hash(path)] = struct{}{}
		return nil
	})
	if err != nil {
		return nil
	}
	return s
}

func (s *snapshot) hash(path string) uint64 { return maphash.String(s.seed, strings.ToLower(path)) }

// lacks reports whether there certainly is no file of this name.
func (s *snapshot) lacks(path string) bool {
	if s == nil {
		return false
	}
	_, ok := s.names[s.hash(path)]
	return !ok
}
