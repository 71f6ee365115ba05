// Package apikey finds the API key in a file, in the environment, or in TensorsLab's
// ~/.tensorslab/.env. No error contains the content of a file.
package apikey

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

// ErrNone is returned if no place has a key.
var ErrNone = errors.New("no API key")

// Dotenv is the name of the file in the home directory, for people.
const Dotenv = "~/.tensorslab/.env"

func pathIn(home string) string { return filepath.Join(home, ".tensorslab", ".env") }

// FromFile returns the key from a file that contains nothing else, without the white
// space around it, or that sets TENSORSLAB_API_KEY as a .env file does. It returns
// ErrNone for an empty file.
func FromFile(path string) (string, error) {
	text, err := read(path)
	if err != nil {
		return "", err
	}
	return parse(text, path)
}

// FromReader returns the key from a stream that contains what a key file does. The name
// of the stream is for errors.
func FromReader(r io.Reader, name string) (string, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err == nil {
		err = checkText(name, data)
	}
	if err != nil {
		return "", err
	}
	return parse(strings.TrimPrefix(string(data), byteOrderMark), name)
}

func parse(text, name string) (string, error) {
	key, found, err := setting(text, wrapper.EnvAPIKey)
	switch {
	case err != nil:
		return "", fmt.Errorf("%s:%w", name, err)
	case !found:
		key = withoutComments(text)
	}
	if isBlank(key) {
		return "", fmt.Errorf("%w: %s is empty", ErrNone, name)
	}
	return key, nil
}

// Find returns the key from the environment, or else from .tensorslab/.env in the
// directory home, and where it was found. It returns ErrNone if neither has one.
func Find(getenv func(string) string, home string) (key, place string, err error) {
	key, place, err = Setting(getenv, home, wrapper.EnvAPIKey)
	switch {
	case err != nil:
		return "", "", fmt.Errorf("%w: %w", ErrNone, err)
	case isBlank(key):
		return "", "", ErrNone
	}
	return key, place, nil
}

// Setting returns a variable from the environment, or else from .tensorslab/.env in the
// directory home, without white space around it, and where it was found. Without either
// it is empty. The error is that of a .env file that cannot be read.
func Setting(getenv func(string) string, home, name string) (value, place string, err error) {
	if value := strings.TrimSpace(getenv(name)); unquoted(value) != "" {
		return value, name, nil
	}
	if home == "" {
		return "", "", nil
	}
	text, err := read(pathIn(home))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", "", nil
	case err != nil:
		return "", "", err
	}
	value, _, err = setting(text, name)
	if err != nil {
		return "", "", fmt.Errorf("%s:%w", Dotenv, err)
	}
	return value, name + " in " + Dotenv, nil
}

// withoutComments returns a key file without its blank lines and those that begin with #.
func withoutComments(text string) string {
	var kept []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "\n")
}

// isBlank reports whether nothing is left of a key without what people copy along with
// it, which the library drops.
func isBlank(key string) bool {
	key = unquoted(key)
	return key == "" || strings.EqualFold(key, "bearer")
}

func unquoted(text string) string { return strings.Trim(text, "\"' \t\r\n") }
