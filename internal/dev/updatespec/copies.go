package main

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// renewCopies renews testdata/OPERATIONID.json, in small letters, of each operation
// of which the contract says something else than before. These are copies of what
// is published of one operation; a test holds openapi.json equal to them, so that
// nobody edits it by hand. It returns the names of those it renewed.
func renewCopies(root string, old, contract []byte) ([]string, error) {
	before, err := parse(old)
	if err != nil {
		return nil, err
	}
	now, err := parse(contract)
	if err != nil {
		return nil, err
	}
	var renewed []string
	for _, id := range now.operations() {
		name := "testdata/" + strings.ToLower(id) + ".json"
		file := filepath.Join(root, filepath.FromSlash(name))
		if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		was, err := before.excerpt(id)
		if err != nil {
			return nil, err
		}
		text, err := now.excerpt(id)
		if err != nil {
			return nil, err
		}
		if bytes.Equal(was, text) {
			continue
		}
		if err := os.WriteFile(file, text, 0o644); err != nil {
			return nil, err
		}
		renewed = append(renewed, name)
	}
	return renewed, nil
}
