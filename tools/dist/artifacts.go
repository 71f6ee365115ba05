// Package dist reads the folder in which goreleaser puts the files of a release. Its tests
// check that folder, if DIST names it.
package dist

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// Folder is what goreleaser recorded of a release.
type Folder struct {
	Path      string
	Version   string // without the v
	Commit    string
	Artifacts []Artifact
}

// Artifact is one file of a release.
type Artifact struct {
	Name, Path   string // Path is absolute, or relative to the folder above dist
	GOOS, GOARCH string // empty if the file is for no single platform
	Type         string // such as "Binary" or "Archive"
}

// Open reads the records in a folder.
func Open(path string) (*Folder, error) {
	f := &Folder{Path: path}
	if err := readJSON(filepath.Join(path, "metadata.json"), f); err != nil {
		return nil, err
	}
	return f, readJSON(filepath.Join(path, "artifacts.json"), &f.Artifacts)
}

func readJSON(name string, v any) error {
	data, err := os.ReadFile(name)
	if err != nil {
		return fmt.Errorf("%w: run make release-snapshot first", err)
	}
	if err := json.Unmarshal(data, v); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// OfType returns the artifacts of one type.
func (f *Folder) OfType(kind string) []Artifact {
	var found []Artifact
	for _, a := range f.Artifacts {
		if a.Type == kind {
			found = append(found, a)
		}
	}
	return found
}

// File returns where an artifact is.
func (f *Folder) File(a Artifact) string {
	if filepath.IsAbs(a.Path) {
		return a.Path
	}
	return filepath.Join(filepath.Dir(f.Path), a.Path)
}

// Time returns when the release is from, for files that record a time: the same at every
// build of a commit. It is what SOURCE_DATE_EPOCH says, in seconds since 1970.
func Time() (time.Time, error) {
	var seconds int64
	if _, err := fmt.Sscan(os.Getenv("SOURCE_DATE_EPOCH"), &seconds); err != nil {
		return time.Time{}, fmt.Errorf("SOURCE_DATE_EPOCH is no number of seconds: %w", err)
	}
	return time.Unix(seconds, 0).UTC(), nil
}
