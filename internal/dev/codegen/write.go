package codegen

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// Write is [Services.Write] of [All].
func Write(root string, output Files) (removed []string, err error) { return All.Write(root, output) }

// Write makes the output folders of the module at root hold exactly output, which
// [Services.Generate] returns, and returns the names of the files that it removed
// because they are no longer generated.
func (all Services) Write(root string, output Files) (removed []string, err error) {
	have, err := all.Output(root)
	if err != nil {
		return nil, err
	}
	if err := Replace(root, output); err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(have)) {
		if _, ok := output[name]; ok {
			continue
		}
		if err := os.Remove(inModule(root, name)); err != nil {
			return removed, err
		}
		removed = append(removed, name)
	}
	return removed, nil
}

// Replace writes files to the module at root. All contents are on the disk under
// temporary names before the first file is renamed into place, so that a full disk
// or a file that cannot be written changes nothing. Files that already have their
// contents are left alone. An error of the last step, the renaming, names the files
// that it had put in place.
func Replace(root string, files Files) error {
	temporary := map[string]string{}
	defer func() {
		for _, name := range temporary {
			_ = os.Remove(name) // fails for those that were renamed
		}
	}()
	for name, data := range files {
		temp, err := stage(inModule(root, name), data)
		if temp != "" {
			temporary[name] = temp
		}
		if err != nil {
			return err
		}
	}
	var done []string
	for _, name := range slices.Sorted(maps.Keys(temporary)) {
		if err := os.Rename(temporary[name], inModule(root, name)); err != nil {
			return &PartError{Replaced: done, Err: err}
		}
		done = append(done, name)
	}
	return nil
}

// PartError reports that [Replace] failed after it had replaced some of the files.
type PartError struct {
	// Replaced are the files that have their new contents.
	Replaced []string
	// Err is why the next one could not be replaced.
	Err error
}

// Error returns one line.
func (e *PartError) Error() string {
	return fmt.Sprintf("%v; already replaced, see git status: %q", e.Err, e.Replaced)
}

// Unwrap returns the cause.
func (e *PartError) Unwrap() error { return e.Err }

// stage writes data to a temporary file beside file and returns its name, or
// nothing if file already holds data.
func stage(file string, data []byte) (temp string, err error) {
	info, err := os.Lstat(file)
	if err == nil && !info.Mode().IsRegular() {
		return "", fmt.Errorf("%s is not a regular file: remove it", file)
	}
	if old, err := os.ReadFile(file); err == nil && bytes.Equal(old, data) {
		return "", nil
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return "", err
	}
	f, err := os.CreateTemp(filepath.Dir(file), ".tmp-*")
	if err != nil {
		return "", err
	}
	_, err = f.Write(data)
	return f.Name(), errors.Join(err, f.Chmod(0o644), f.Close())
}

func inModule(root, name string) string { return filepath.Join(root, filepath.FromSlash(name)) }
