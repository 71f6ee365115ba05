package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tensorslab/tensorslab-go/internal/dev/codegen"
	"github.com/tensorslab/tensorslab-go/internal/dev/updatespec/changes"
)

// install puts what a contract decides in place from the copy, unless somebody has
// changed an input in the meantime.
func (c *candidate) install(ctx context.Context, changed []string, removed []removal) error {
	now, err := codegen.Load(c.root)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(c.before)) {
		if !bytes.Equal(now[name], c.before[name]) {
			return fmt.Errorf("%s was changed in the meantime: run it again", name)
		}
	}
	files, err := codegen.Output(c.dir)
	if err != nil {
		return err
	}
	var gone []string
	for _, r := range removed {
		changed = append(changed, r.edited...)
		gone = append(gone, r.files...)
	}
	for _, name := range changed {
		if files[name], err = os.ReadFile(filepath.Join(c.dir, filepath.FromSlash(name))); err != nil {
			return err
		}
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err := codegen.Replace(c.root, files); err != nil {
		return err
	}
	for _, name := range gone {
		err := os.Remove(filepath.Join(c.root, filepath.FromSlash(name)))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return &codegen.PartError{Replaced: slices.Sorted(maps.Keys(files)), Err: err}
		}
	}
	return nil
}

// finish says what was done, and what is left to do.
func (c *candidate) finish(t trial, removed []removal, unfinished bool) error {
	for _, line := range c.done {
		fmt.Fprintln(c.log, line)
	}
	for _, moved := range moves(t.old.operations(), t.now.operations()) {
		fmt.Fprintf(c.log, "%s: the generated code calls it there; comments may name the old path\n", moved)
	}
	var places []string
	for _, r := range removed {
		fmt.Fprintf(c.log, "withdrew %s: deleted %s\n", r.offered.operation, strings.Join(r.files, ", "))
		for _, name := range r.edited {
			fmt.Fprintf(c.log, "withdrew %s: deleted its entry in %s\n", r.offered.operation, name)
		}
		found, err := tracesOf(r.offered, t.lost).places(c.dir, c.service, r.files)
		if err != nil {
			return err
		}
		places = append(places, found...)
	}
	if len(places) > 0 {
		fmt.Fprintf(c.log, "These places still use what is gone:\n  %s\n", strings.Join(places, "\n  "))
	}
	if unfinished {
		return errUnfinished
	}
	fmt.Fprintln(c.log, "the contract is in place: look at git diff, then run make ci")
	return nil
}

// compare notes what changed in the contract and, if it was generated, in the Go API
// of the generated code.
func (c *candidate) compare(ctx context.Context) error {
	contract, err := changes.Contract(ctx, c.root, c.before[c.service.Document], c.contract, changes.Text)
	if err != nil {
		return err
	}
	c.report = contract
	if !c.generated {
		return nil
	}
	api, err := changes.API(ctx, c.dir, c.root, changes.Text, c.service.Package)
	if err != nil {
		return err
	}
	c.report = contract.With(api)
	return nil
}
