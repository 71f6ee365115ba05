package pgtest

import (
	"cmp"
	"errors"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
)

// errMissing says what to do where there is no PostgreSQL.
var errMissing = errors.New("pgtest: PostgreSQL is not installed (there is no initdb in PATH, nor in /usr/lib/postgresql/*/bin): " +
	"apt-get install postgresql, or brew install postgresql, to run this test")

// binaries returns the folder that has initdb and postgres.
var binaries = sync.OnceValues(func() (string, error) {
	return find(exec.LookPath, "/usr/lib/postgresql")
})

// find looks in PATH, and then where Debian keeps the binaries of each major version.
func find(lookPath func(string) (string, error), debian string) (string, error) {
	if err := supported(); err != nil {
		return "", err
	}
	if path, err := lookPath("initdb"); err == nil {
		// The other programs are beside the true one, to which a symbolic link may lead.
		if path, err = filepath.EvalSymlinks(path); err == nil && has(filepath.Dir(path), "postgres") {
			return filepath.Dir(path), nil
		}
	}
	folders, _ := filepath.Glob(filepath.Join(debian, "*", "bin")) // no pattern of ours is malformed
	slices.SortFunc(folders, func(a, b string) int { return cmp.Compare(major(b), major(a)) })
	for _, folder := range folders {
		if has(folder, "initdb") && has(folder, "postgres") {
			return folder, nil
		}
	}
	return "", errMissing
}

func has(folder, program string) bool {
	_, err := exec.LookPath(filepath.Join(folder, program))
	return err == nil
}

// major returns the version in a path such as /usr/lib/postgresql/15/bin, or 0.
func major(folder string) int {
	version, _ := strconv.Atoi(filepath.Base(filepath.Dir(folder)))
	return version
}
