// Package apikey finds the API key in a file, in the environment, or in TensorsLab's
// ~/.tensorslab/.env. No error contains the content of a file.
package apikey

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

// maxFile is far above the size of any key file. It protects memory from a wrong path.
const maxFile = 64 << 10

// ErrNone is returned if no place has a key.
var ErrNone = errors.New("no API key")

// FromFile returns the key from a file that contains nothing else, without the white
// space around it. It returns ErrNone for an empty file.
func FromFile(path string) (string, error) {
	data, err := read(path)
	if err != nil {
		return "", err
	}
	if key := strings.TrimSpace(string(data)); key != "" {
		return key, nil
	}
	return "", fmt.Errorf("%w: %s is empty", ErrNone, path)
}

// Find returns the key from the environment, or else from .tensorslab/.env in the
// directory home. It returns ErrNone if neither has one.
func Find(getenv func(string) string, home string) (string, error) {
	if key := strings.TrimSpace(getenv(wrapper.EnvAPIKey)); key != "" {
		return key, nil
	}
	if home == "" {
		return "", ErrNone
	}
	data, err := read(filepath.Join(home, ".tensorslab", ".env"))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", ErrNone
	case err != nil:
		return "", fmt.Errorf("%w: %w", ErrNone, err)
	}
	if key := fromDotenv(data); key != "" {
		return key, nil
	}
	return "", ErrNone
}

func read(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxFile {
		return nil, fmt.Errorf("%s is too large for a key file", path)
	}
	return bytes.TrimPrefix(data, []byte("\ufeff")), nil
}

// fromDotenv returns the last value of the key, as a shell would.
func fromDotenv(data []byte) (key string) {
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSpace(line)
		if rest, ok := strings.CutPrefix(line, "export"); ok && strings.TrimLeft(rest, " \t") != rest {
			line = strings.TrimSpace(rest)
		}
		name, value, ok := strings.Cut(line, "=")
		if ok && strings.TrimSpace(name) == wrapper.EnvAPIKey {
			key = unquoted(strings.TrimSpace(value))
		}
	}
	return key
}

// unquoted removes the quotes around a value, or the comment after an unquoted one.
func unquoted(value string) string {
	if value != "" && strings.ContainsRune(`"'`, rune(value[0])) {
		if end := strings.IndexByte(value[1:], value[0]); end >= 0 {
			return strings.TrimSpace(value[1 : end+1])
		}
	}
	if strings.HasPrefix(value, "#") {
		return ""
	}
	for _, mark := range []string{" #", "\t#"} {
		value, _, _ = strings.Cut(value, mark)
	}
	return strings.TrimSpace(value)
}
