package codegen

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Write makes the output folder of root hold exactly output, which [Generate]
// returns. It is [Replace] without other files.
func Write(root string, output Files) (removed []string, err error) {
	return Replace(root, output, nil)
}

// Replace makes the output folder of root hold exactly output, and writes others,
// which are files elsewhere in the module, in the same step: all contents are on
// the disk before the first file is replaced, each by one rename; files that are
// no longer generated are removed last; and if one of this fails, all that was
// done is undone. A file that is up to date is left alone. Replace returns the
// names of those it removed.
func Replace(root string, output, others Files) (removed []string, err error) {
	if err := checkNames(output); err != nil {
		return nil, err
	}
	if err := checkOthers(others); err != nil {
		return nil, err
	}
	have, err := Output(root)
	if err != nil {
		return nil, err
	}
	if err := readExisting(root, others, have); err != nil {
		return nil, err
	}
	want := maps.Clone(output)
	maps.Copy(want, others)
	for _, name := range slices.Sorted(maps.Keys(have)) {
		if _, ok := want[name]; !ok {
			removed = append(removed, name)
		}
	}
	if err := commit(root, have, want, removed, os.Rename); err != nil {
		return nil, err
	}
	for _, name := range removed {
		removeEmpty(root, path.Dir(name))
	}
	return removed, nil
}

func checkNames(output Files) error {
	if len(output) == 0 {
		return errors.New("nothing was generated")
	}
	for name := range output {
		if below, ok := strings.CutPrefix(name, OutputDir+"/"); !ok || !isLocal(name) || !isLocal(below) {
			return fmt.Errorf("%q is not a file below %s/", name, OutputDir)
		}
	}
	return nil
}

func checkOthers(others Files) error {
	for name := range others {
		if !isLocal(name) || strings.HasPrefix(name+"/", OutputDir+"/") {
			return fmt.Errorf("%q is not a file of the module outside %s/", name, OutputDir)
		}
	}
	return nil
}

func isLocal(name string) bool {
	return path.Clean(name) == name && filepath.IsLocal(filepath.FromSlash(name))
}

// readExisting adds to have those of files that exist below root.
func readExisting(root string, files, have Files) error {
	for name := range files {
		data, err := os.ReadFile(inModule(root, name))
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return err
		default:
			have[name] = data
		}
	}
	return nil
}

func inModule(root, name string) string { return filepath.Join(root, filepath.FromSlash(name)) }

// commit puts want in the place of have, and undoes what it did if it fails.
func commit(root string, have, want Files, stale []string, rename func(from, to string) error) (err error) {
	staged, err := stage(root, want, have)
	defer func() {
		for _, temp := range staged {
			os.Remove(temp) // fails for those that were renamed
		}
	}()
	if err != nil {
		return err
	}
	var done []string
	defer func() {
		if err == nil {
			return
		}
		if wrong := undo(root, have, done); wrong != nil {
			err = fmt.Errorf("%w; %w: %w", err, ErrNotUndone, wrong)
		}
	}()
	for _, name := range slices.Sorted(maps.Keys(staged)) {
		if err := rename(staged[name], inModule(root, name)); err != nil {
			return err
		}
		done = append(done, name)
	}
	for _, name := range stale {
		if err := os.Remove(inModule(root, name)); err != nil {
			return err
		}
		done = append(done, name)
	}
	return nil
}

// ErrNotUndone says that [Replace] failed, and could not undo all that it had done. The text
// that follows names the files.
var ErrNotUndone = errors.New("not undone, see git status")

// undo brings the named files back to what they were in have, as far as it can.
func undo(root string, have Files, names []string) error {
	var failed error
	for _, name := range names {
		switch err := bringBack(inModule(root, name), name, have); {
		case err != nil && failed != nil:
			failed = fmt.Errorf("%w; %w", failed, err)
		case err != nil:
			failed = err
		}
	}
	return failed
}

func bringBack(file, name string, have Files) error {
	old, existed := have[name]
	if !existed {
		return os.Remove(file)
	}
	temp, err := writeTemp(filepath.Dir(file), old)
	if err != nil {
		return err
	}
	return os.Rename(temp, file)
}

// stage writes each file that is to change under a temporary name beside its
// own, and returns that by the file's. What it wrote is returned with an error, too.
func stage(root string, want, have Files) (map[string]string, error) {
	staged := map[string]string{}
	for name, data := range want {
		if old, ok := have[name]; ok && bytes.Equal(old, data) {
			continue
		}
		final := inModule(root, name)
		if info, err := os.Lstat(final); err == nil && !info.Mode().IsRegular() {
			return staged, fmt.Errorf("%s is not a regular file: remove it", name)
		}
		if err := os.MkdirAll(filepath.Dir(final), 0o755); err != nil {
			return staged, err
		}
		temp, err := writeTemp(filepath.Dir(final), data)
		if temp != "" {
			staged[name] = temp
		}
		if err != nil {
			return staged, err
		}
	}
	return staged, nil
}

func writeTemp(dir string, data []byte) (name string, err error) {
	f, err := os.CreateTemp(dir, ".tmp-*")
	if err != nil {
		return "", err
	}
	_, err = f.Write(data)
	return f.Name(), errors.Join(err, f.Chmod(0o644), f.Close())
}

// removeEmpty removes a folder below the output folder, and those above it, that
// hold nothing any more.
func removeEmpty(root, dir string) {
	for ; dir != OutputDir && os.Remove(inModule(root, dir)) == nil; dir = path.Dir(dir) {
	}
}
