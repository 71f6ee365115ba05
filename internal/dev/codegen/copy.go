package codegen

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// notCopied lists folders at the module's root that are no part of it, and that
// may be large.
var notCopied = []string{".git", "bin", "dist", "vendor"}

// CopyModule copies the module at root into the folder dst, so that a change can
// be tried without touching it. Version control, binaries and vendored modules are
// left out, and so is whatever is not a regular file. The folder dst may be below
// root, where the temporary folder is.
func CopyModule(root, dst string) error {
	if err := os.MkdirAll(dst, 0o755); err != nil {
		return err
	}
	target, err := os.Stat(dst)
	if err != nil {
		return err
	}
	return filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		switch {
		case entry.IsDir() && isFile(entry, target):
			return fs.SkipDir
		case entry.IsDir() && slices.Contains(notCopied, name):
			return fs.SkipDir
		case entry.IsDir():
			return os.MkdirAll(filepath.Join(dst, name), 0o755)
		case !entry.Type().IsRegular():
			return nil
		}
		return copyFile(path, filepath.Join(dst, name))
	})
}

func isFile(entry fs.DirEntry, file fs.FileInfo) bool {
	info, err := entry.Info()
	return err == nil && os.SameFile(info, file)
}

func copyFile(from, to string) error {
	info, err := os.Stat(from)
	if err != nil {
		return err
	}
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	// A copy can be written to even if it comes from the module cache.
	return os.WriteFile(to, data, info.Mode().Perm()|0o200)
}
