package fake

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
)

// maxAddrFile is longer than any URL that is written to the file.
const maxAddrFile = 200

// addrFile is the file of --addr-file, which says where the fake listens for as long as it
// does. Without a path it does nothing.
type addrFile struct {
	path string

	mu      sync.Mutex
	content string // that was written; empty before
}

// clear removes a file that a fake has left behind which was killed, so that nobody takes
// its URL for that of this one. Any other file is kept, and is an error.
func (f *addrFile) clear() error {
	if f.path == "" {
		return nil
	}
	info, err := os.Lstat(f.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return cli.Usagef("cannot use --addr-file: %w", err)
	case !info.Mode().IsRegular() || info.Size() > maxAddrFile || !isURL(f.path):
		return cli.Usagef("--addr-file exists, and is not the file of another fake: remove it, or name another one")
	}
	if err := os.Remove(f.path); err != nil {
		return cli.Usagef("cannot use --addr-file: %w", err)
	}
	return nil
}

// isURL reports whether a file has been written here: an empty one was not.
func isURL(path string) bool {
	content, err := os.ReadFile(path)
	text, isLine := strings.CutSuffix(string(content), "\n")
	host, isAddress := strings.CutPrefix(text, "http://")
	return err == nil && isLine && isAddress && checkLoopback(host) == nil && !strings.ContainsAny(host, " \n/")
}

// write makes the file appear with its content.
func (f *addrFile) write(url string) error {
	if f.path == "" {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	part, err := os.CreateTemp(filepath.Dir(f.path), ".tensorslab-*")
	if err != nil {
		return cli.Usagef("cannot write --addr-file: %w", err)
	}
	defer os.Remove(part.Name()) // which has its own name by then, or failed
	_, err = part.WriteString(url + "\n")
	err = errors.Join(err, part.Chmod(0o644), part.Close())
	if err == nil {
		err = os.Rename(part.Name(), f.path)
	}
	if err != nil {
		return cli.Usagef("cannot write --addr-file: %w", err)
	}
	f.content = url + "\n"
	return nil
}

// remove removes the file, unless another fake has written it meanwhile.
func (f *addrFile) remove() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.content == "" {
		return
	}
	if content, err := os.ReadFile(f.path); err == nil && string(content) == f.content {
		_ = os.Remove(f.path)
	}
	f.content = ""
}
