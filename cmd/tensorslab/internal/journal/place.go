package journal

import (
	"crypto/rand"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
)

// defaultPath returns the file of the default journal, below the folder for such files.
func defaultPath(e cli.Env, service string) (string, error) {
	dir := stateDir(runtime.GOOS, e.Getenv, e.Home)
	if dir == "" {
		return "", cli.Usagef("there is no home directory to keep the journal of tasks in; set XDG_STATE_HOME, use --journal FILE, or --no-journal to do without; nothing was sent")
	}
	return filepath.Join(dir, "tensorslab", nameFor(service)), nil
}

// stateDir returns the folder in which programs keep what they need to go on, or an empty
// string if there is none. As its specification demands, a relative XDG_STATE_HOME does
// not count.
func stateDir(goos string, getenv func(string) string, home string) string {
	if dir := getenv("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return dir
	}
	if goos == "windows" {
		if dir := getenv("LocalAppData"); dir != "" {
			return dir
		}
	}
	switch {
	case home == "":
		return ""
	case goos == "windows":
		return filepath.Join(home, "AppData", "Local")
	case goos == "darwin":
		return filepath.Join(home, "Library", "Application Support")
	}
	return filepath.Join(home, ".local", "state")
}

// single begins the keys of tasks that were created one by one.
const single = "single-"

// NewKey returns a key for a task that is created on its own, which no other has.
func NewKey(now time.Time) string {
	return single + now.UTC().Format("20060102-150405-") + strings.ToLower(rand.Text()[:8])
}

// IsSingle reports whether a key is one of NewKey, and so not of a batch.
func IsSingle(key string) bool { return strings.HasPrefix(key, single) }

// bare returns err without the name of the package at the beginning of its text.
func bare(err error) error { return &bareError{err} }

type bareError struct{ err error }

func (e *bareError) Error() string { return strings.TrimPrefix(e.err.Error(), "batch: ") }
func (e *bareError) Unwrap() error { return e.err }
