package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/tensorslab/tensorslab-go/internal/dev/codegen"
)

// dependents are modules in the tree that import this one. They need each module
// that this one needs.
var dependents = []string{"bench", "cmd/tensorslab", "durable", "durable/bench", "testdata/downstream"}

// tidyDependents updates go.mod and go.sum of the dependents in the copy at dir, if
// go.mod is not as it was, and returns the names of these files.
func tidyDependents(ctx context.Context, dir string, goMod []byte) ([]string, error) {
	now, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil || bytes.Equal(now, goMod) {
		return nil, err
	}
	path, err := codegen.Run(ctx, dir, nil, "go", "list", "-m")
	if err != nil {
		return nil, err
	}
	path = strings.TrimSpace(path)
	var tidied []string
	for _, name := range dependents {
		folder := filepath.Join(dir, filepath.FromSlash(name))
		mod, err := os.ReadFile(filepath.Join(folder, "go.mod"))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil {
			err = tidy(ctx, folder, path, dir, bytes.Contains(mod, []byte("replace "+path+" =>")))
		}
		if err != nil {
			return nil, fmt.Errorf("go mod tidy in %s: %w", name, err)
		}
		tidied = append(tidied, name+"/go.mod", name+"/go.sum")
	}
	return tidied, nil
}

// tidy tidies the module in a folder with the library from dir. A module that is
// released may not keep a replace directive, and the version of the library that it
// requires may not be published yet, so it gets one for the time being.
func tidy(ctx context.Context, folder, library, dir string, replaced bool) error {
	steps := [][]string{{"edit", "-replace=" + library + "=" + dir}, {"tidy"}, {"edit", "-dropreplace=" + library}}
	if replaced {
		steps = steps[1:2]
	}
	for _, step := range steps {
		if _, err := codegen.Run(ctx, folder, codegen.AnyModFile, "go", append([]string{"mod"}, step...)...); err != nil {
			return err
		}
	}
	return nil
}
