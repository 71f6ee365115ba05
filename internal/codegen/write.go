package codegen

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Write makes the output folder of root hold exactly output, which [Generate]
// returns. All contents are on the disk before the first file is replaced, each
// by one rename; files that are no longer generated are removed last. A file
// that is up to date is left alone. Write returns the names of those it removed.
func Write(root string, output Files) (removed []string, err error) {
	if err := checkNames(output); err != nil {
		return nil, err
	}
	have, err := readOutput(root)
	if err != nil {
		return nil, err
	}
	staged, err := stage(root, output, have)
	defer func() {
		for temp := range staged {
			os.Remove(temp) // fails for those that were renamed
		}
	}()
	if err != nil {
		return nil, err
	}
	for temp, final := range staged {
		if err := os.Rename(temp, final); err != nil {
			return nil, err
		}
	}
	return removeStale(root, output, have)
}

func checkNames(output Files) error {
	if len(output) == 0 {
		return errors.New("nothing was generated")
	}
	for name := range output {
		below, ok := strings.CutPrefix(name, OutputDir+"/")
		if !ok || path.Clean(name) != name || !filepath.IsLocal(filepath.FromSlash(below)) {
			return fmt.Errorf("%q is not a file below %s/", name, OutputDir)
		}
	}
	return nil
}

// stage writes each file that is to change under a temporary name beside its
// own, and returns both names. What it wrote is returned with an error, too.
func stage(root string, output, have Files) (map[string]string, error) {
	staged := map[string]string{}
	for name, data := range output {
		if old, ok := have[name]; ok && bytes.Equal(old, data) {
			continue
		}
		final := filepath.Join(root, filepath.FromSlash(name))
		if info, err := os.Lstat(final); err == nil && info.IsDir() {
			return staged, fmt.Errorf("%s is a folder: remove it", name)
		}
		if err := os.MkdirAll(filepath.Dir(final), 0o755); err != nil {
			return staged, err
		}
		temp, err := writeTemp(filepath.Dir(final), data)
		if temp != "" {
			staged[temp] = final
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

// removeStale removes the files of have that output lacks, and folders that this
// leaves empty.
func removeStale(root string, output, have Files) (removed []string, err error) {
	for _, name := range slices.Sorted(maps.Keys(have)) {
		if _, ok := output[name]; ok {
			continue
		}
		if err := os.Remove(filepath.Join(root, filepath.FromSlash(name))); err != nil {
			return removed, err
		}
		removed = append(removed, name)
		for dir := path.Dir(name); dir != OutputDir; dir = path.Dir(dir) {
			if os.Remove(filepath.Join(root, filepath.FromSlash(dir))) != nil {
				break // it holds other files
			}
		}
	}
	return removed, nil
}
