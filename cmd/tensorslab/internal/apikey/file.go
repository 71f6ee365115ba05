package apikey

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"unicode/utf8"
)

// maxFile is far above the size of any key file. It protects memory from a wrong path.
const maxFile = 64 << 10

// read returns the text of a file without its byte order mark.
func read(path string) (string, error) {
	data, err := readBytes(path)
	if err != nil {
		return "", err
	}
	if err := checkText(path, data); err != nil {
		return "", err
	}
	return string(bytes.TrimPrefix(data, []byte(byteOrderMark))), nil
}

const byteOrderMark = "\ufeff"

func checkText(path string, data []byte) error {
	switch {
	case len(data) > maxFile:
		return fmt.Errorf("%s is too large for a key file", path)
	case isUTF16(data):
		return fmt.Errorf("%s is UTF-16 text; save it as UTF-8", path)
	case !utf8.Valid(data):
		return fmt.Errorf("%s is not UTF-8 text", path)
	}
	return nil
}

func readBytes(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, withoutKey(path, err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, withoutKey(path, err)
	}
	return data, nil
}

// isUTF16 reports whether data looks like UTF-16, with or without a byte order mark: in
// such a text of ASCII characters every other byte is 0.
func isUTF16(data []byte) bool {
	return bytes.HasPrefix(data, []byte{0xff, 0xfe}) || bytes.HasPrefix(data, []byte{0xfe, 0xff}) || bytes.IndexByte(data, 0) >= 0
}

// withoutKey returns the error of a file that could not be read. It names the file only
// if it certainly is the name of one: people pass the key itself by mistake.
func withoutKey(path string, err error) error {
	var inPath *fs.PathError
	if !errors.As(err, &inPath) || isName(path) {
		return err
	}
	return fmt.Errorf("%w (its name is not shown, because it might be the key)", inPath.Err)
}

// isName reports whether path is that of a file: it exists and is no directory, or it is
// in a directory that exists and that the path names. A directory in the current one may
// have the key's name, because another command once got the key in place of a name.
func isName(path string) bool {
	if info, err := os.Stat(path); err == nil && !info.IsDir() {
		return true
	}
	dir := filepath.Dir(path)
	if dir == filepath.Dir(dir) || dir == "." {
		return false
	}
	info, err := os.Stat(dir)
	return err == nil && info.IsDir()
}
