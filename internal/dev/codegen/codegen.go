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

// ToolsMod pins the generator's version, for all services.
const ToolsMod = "tools/go.mod"

// The files of the Images Service, the first entry of [All].
const (
	Contract  = "openapi.json"      // the OpenAPI document
	Config    = "oapi-codegen.yaml" // the configuration of the generator
	Overlay   = "api/overlay.yaml"  // the Go names that are laid over the contract
	OutputDir = "generated"         // the folder that holds generated files and nothing else
)

// Fix is the command that brings the generated code up to date.
const Fix = "go generate ./..."

// Files holds whole files by their slash-separated path from the module's root.
type Files map[string][]byte

// Load is [Services.Load] of [All].
func Load(root string) (Files, error) { return All.Load(root) }

// Load reads what generation depends on from the module at root. Its result is
// for [Services.Generate]; a caller may put other contents in place of some files first.
func (all Services) Load(root string) (Files, error) {
	files := Files{}
	for _, name := range all.inputs() {
		data, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
		if err != nil {
			return nil, fmt.Errorf("read what the client is generated from: %w", err)
		}
		files[name] = data
	}
	return files, nil
}

// Output is [Services.Output] of [All].
func Output(root string) (Files, error) { return All.Output(root) }

// Output reads all files below the output folders of root; there are none in a folder
// that does not exist.
func (all Services) Output(root string) (Files, error) {
	files := Files{}
	for _, top := range all.folders(root) {
		if err := files.read(root, top); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// read adds all files below the folder top of root.
func (files Files) read(root, top string) error {
	return filepath.WalkDir(top, func(path string, entry fs.DirEntry, err error) error {
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
