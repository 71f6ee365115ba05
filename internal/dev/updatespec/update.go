package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/tensorslab/tensorslab-go/internal/dev/codegen"
	"github.com/tensorslab/tensorslab-go/internal/dev/updatespec/changes"
)

// testedPackages are the contract itself and what users import. Everything else
// has to compile.
var testedPackages = []string{".", "./generated/...", "./wrapper/...", "./fakeapi/..."}

// update takes a contract into the module at root.
type update struct {
	root     string
	packages []string // whose tests have to pass
	out, log io.Writer
}

// run works in a copy, from reading to testing. The tree is only touched at the
// end, in one step.
func (u *update) run(ctx context.Context, read source) error {
	document, err := read(ctx, u.log)
	if err != nil {
		return err
	}
	contract, err := normalised(document)
	if err != nil {
		return err
	}
	before, err := codegen.Load(u.root)
	if err != nil {
		return err
	}
	if bytes.Equal(contract, before[codegen.Contract]) {
		fmt.Fprintf(u.log, "%s is up to date\n", codegen.Contract)
		return nil
	}
	report, err := changes.Contract(ctx, u.root, before[codegen.Contract], contract, changes.Text)
	if err != nil {
		return err
	}
	err = u.try(ctx, before, contract)
	// What changed is of use even where it cannot be taken in.
	if _, wrong := io.WriteString(u.out, report.Text); err == nil && wrong != nil {
		err = wrong
	}
	return err
}

// try makes everything in a copy, and puts it in place if it passes the tests.
func (u *update) try(ctx context.Context, before codegen.Files, contract []byte) error {
	work, err := os.MkdirTemp("", "tensorslab-update-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	dir, temp := filepath.Join(work, "module"), filepath.Join(work, "temp")
	if err := errors.Join(codegen.CopyModule(u.root, dir), os.Mkdir(temp, 0o755)); err != nil {
		return err
	}
	fmt.Fprintln(u.log, "generating the client")
	if err := codegen.Adopt(ctx, dir, contract); err != nil {
		return err
	}
	others, err := renewCopies(dir, before[codegen.Contract], contract)
	if err != nil {
		return err
	}
	tidied, err := tidyUsers(ctx, dir, before["go.mod"])
	if err != nil {
		return err
	}
	fmt.Fprintln(u.log, "building and testing")
	if err := u.test(ctx, dir, temp); err != nil {
		return err
	}
	return u.install(dir, before, append(others, tidied...))
}

// test runs in dir. Tests that are interrupted leave their files in temp.
func (u *update) test(ctx context.Context, dir, temp string) error {
	env := []string{"TMPDIR=" + temp, "TMP=" + temp, "TEMP=" + temp}
	_, err := codegen.Run(ctx, dir, env, "go", "build", "-mod=readonly", "./...")
	if err != nil && ctx.Err() == nil {
		return fmt.Errorf("the module does not compile with this contract: %w", err)
	}
	if err != nil {
		return err
	}
	args := append([]string{"test", "-short", "-mod=readonly"}, u.packages...)
	err = codegen.Stream(ctx, u.log, dir, env, "go", args...)
	if err != nil && ctx.Err() == nil {
		return fmt.Errorf("the tests fail with this contract (%w)", err)
	}
	return err
}

// users are modules in the tree that use this one: what it comes to need, they need.
var users = []string{"bench", "testdata/downstream"}

// tidyUsers brings go.mod and go.sum of the users in dir up to date, if go.mod is not
// as it was, and returns the names of these files.
func tidyUsers(ctx context.Context, dir string, goMod []byte) ([]string, error) {
	now, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil || bytes.Equal(now, goMod) {
		return nil, err
	}
	var tidied []string
	for _, name := range users {
		folder := filepath.Join(dir, filepath.FromSlash(name))
		if _, err := os.Stat(folder); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if _, err := codegen.Run(ctx, folder, codegen.AnyModFile, "go", "mod", "tidy"); err != nil {
			return nil, fmt.Errorf("go mod tidy in %s: %w", name, err)
		}
		tidied = append(tidied, name+"/go.mod", name+"/go.sum")
	}
	return tidied, nil
}

// install brings what a contract decides over from the copy, unless somebody has
// changed it in the meantime.
func (u *update) install(dir string, before codegen.Files, changed []string) error {
	now, err := codegen.Load(u.root)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(before)) {
		if !bytes.Equal(now[name], before[name]) {
			return fmt.Errorf("%s was changed in the meantime: run it again", name)
		}
	}
	output, err := codegen.Output(dir)
	if err != nil {
		return err
	}
	others := codegen.Files{}
	for _, name := range append(changed, codegen.Contract, "go.mod", "go.sum") {
		if others[name], err = os.ReadFile(filepath.Join(dir, filepath.FromSlash(name))); err != nil {
			return err
		}
	}
	if _, err := codegen.Replace(u.root, output, others); err != nil {
		return err
	}
	fmt.Fprintln(u.log, "the contract is in place: look at git diff, then run make ci")
	return nil
}
