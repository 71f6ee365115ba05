package codegen

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// notCopied are folders at the module's root that are not part of it and may be
// large.
var notCopied = []string{".git", "bin", "dist", "vendor"}

// CopyModule copies the module at root into the folder dst, so that a change can be
// tried without touching the module. Version control, binaries and vendored modules
// are left out. The folder dst may be below root, as the temporary folder may be.
func CopyModule(root, dst string) error {
	entries, err := os.ReadDir(root)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dst, 0o755); err != nil {
		return err
	}
	skipped := append(slices.Clone(notCopied), topFolder(root, dst))
	for _, entry := range entries {
		name := entry.Name()
		switch from, to := filepath.Join(root, name), filepath.Join(dst, name); {
		case slices.Contains(skipped, name):
		case entry.IsDir():
			err = os.CopyFS(to, os.DirFS(from))
		case entry.Type().IsRegular():
			err = copyFile(from, to)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// topFolder returns the folder at root that dst is in, if any.
func topFolder(root, dst string) string {
	root, err := realPath(root)
	if err != nil {
		return ""
	}
	if dst, err = realPath(dst); err != nil {
		return ""
	}
	rel, err := filepath.Rel(root, dst)
	if err != nil || !filepath.IsLocal(rel) {
		return ""
	}
	top, _, _ := strings.Cut(filepath.ToSlash(rel), "/")
	return top
}

func copyFile(from, to string) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, data, 0o644)
}
