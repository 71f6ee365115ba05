// Package codegen is the one place that knows how the generated client is made
// from the contract: what it is made of, how the pinned generator is run, and
// how the result is compared with, or put in place of, what is in the tree.
//
// It imports nothing of this module, so that it still works when the generated
// code is broken or missing.
package codegen

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// The files that decide what is generated, by their path from the module's root.
const (
	// Contract is the OpenAPI document.
	Contract = "openapi.json"
	// Config is the configuration of the generator, with the path of its output.
	Config = "oapi-codegen.yaml"
	// Overlay holds the Go names that are laid over the contract.
	Overlay = "api/overlay.yaml"
	// ToolsMod pins the generator's version.
	ToolsMod = "tools/go.mod"
)

// OutputDir is the folder that holds generated files and nothing else.
const OutputDir = "generated"

// Fix is the command that brings the generated code up to date.
const Fix = "go generate ./..."

// inputs is everything that generation depends on; go.mod and go.sum are needed
// to compile the result.
var inputs = []string{Contract, Config, Overlay, ToolsMod, "tools/go.sum", "go.mod", "go.sum"}

// Files holds whole files by their slash-separated path from the module's root.
type Files map[string][]byte

// Load reads what generation depends on from the module at root. Its result is
// for [Generate]; a caller may put other contents in place of some files first.
func Load(root string) (Files, error) {
	files := Files{}
	for _, name := range inputs {
		data, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
		if err != nil {
			return nil, fmt.Errorf("read what the client is generated from: %w", err)
		}
		files[name] = data
	}
	return files, nil
}

// Output reads all files below the output folder of root; there are none if
// the folder does not exist.
func Output(root string) (Files, error) {
	files := Files{}
	top := filepath.Join(root, OutputDir)
	err := filepath.WalkDir(top, func(path string, entry fs.DirEntry, err error) error {
		if path == top && errors.Is(err, fs.ErrNotExist) {
			return fs.SkipAll
		}
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		if !entry.Type().IsRegular() {
			return fmt.Errorf("%s is not a regular file: remove it", name)
		}
		files[name], err = os.ReadFile(path)
		return err
	})
	return files, err
}

// Published reports whether root is a published copy of the module in the module
// cache, where the generator's pin is missing because nested modules are not
// part of a published module. Anywhere else a missing pin is an error of the
// tree, and Published is false.
func Published(ctx context.Context, root string) (bool, error) {
	if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(ToolsMod))); !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	out, err := Run(ctx, root, nil, "go", "env", "GOMODCACHE")
	if err != nil {
		return false, err
	}
	cache, err := realPath(strings.TrimSpace(out))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if root, err = realPath(root); err != nil {
		return false, err
	}
	rel, err := filepath.Rel(cache, root)
	return err == nil && rel != "." && filepath.IsLocal(rel), nil
}

// realPath is absolute and free of symbolic links, so that two can be compared.
func realPath(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(path)
}
