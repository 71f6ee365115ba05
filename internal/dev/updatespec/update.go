package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/tensorslab/tensorslab-go/internal/dev/codegen"
	"github.com/tensorslab/tensorslab-go/internal/dev/updatespec/changes"
)

// builtPackages have to compile with a new contract.
var builtPackages = []string{"./...", "./cmd/tensorslab/..."}

// contractTests are arguments of go test for what depends on the contract: the
// contract itself, and the tests of the client and the fake that read it, whose names
// have one of these words. All other tests stand on a frozen contract. Tests that
// depend on a clock are not run, since a busy machine would refuse a good contract.
var contractTests = [][]string{
	{".", "./generated/..."},
	{"-run=OfTheContract|TheContracts|OfOperations|^Example", "./wrapper", "./fakeapi"},
}

// publishedCopy is the document from which deleteImagesTask was taken. A test holds
// openapi.json equal to it, so that nobody edits that operation by hand.
const (
	publishedCopy = "testdata/deleteimagestask.json"
	copyTest      = "^TestDeleteImagesTaskIsAsPublished$"
)

// update imports a contract into the module at root.
type update struct {
	root     string
	build    []string   // packages that have to compile
	tests    [][]string // arguments of go test that have to pass
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
	// What changed is of use even if the contract cannot be imported.
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
	dir := filepath.Join(work, "module")
	if err := codegen.CopyModule(u.root, dir); err != nil {
		return err
	}
	fmt.Fprintln(u.log, "generating the client")
	if err := codegen.Adopt(ctx, dir, contract); err != nil {
		return err
	}
	changed := []string{codegen.Contract, "go.mod", "go.sum", publishedCopy}
	tidied, err := tidyDependents(ctx, dir, before["go.mod"])
	if err != nil {
		return err
	}
	fmt.Fprintln(u.log, "building and testing")
	if err := u.test(ctx, dir, filepath.Join(work, "temp")); err != nil {
		return err
	}
	return u.install(ctx, dir, before, append(changed, tidied...))
}

// test builds and tests the module at dir. Tests that are interrupted leave their
// files in temp.
func (u *update) test(ctx context.Context, dir, temp string) error {
	if err := os.Mkdir(temp, 0o755); err != nil {
		return err
	}
	env := []string{"TMPDIR=" + temp, "TMP=" + temp, "TEMP=" + temp, "GOFLAGS=-mod=readonly"}
	// The command is a module of its own and is built with this one by go.work.
	_, err := codegen.Run(ctx, dir, append(env, "GOWORK="), "go", append([]string{"build"}, u.build...)...)
	if err != nil && ctx.Err() == nil {
		return fmt.Errorf("the module does not compile with this contract: %w", err)
	}
	if err != nil {
		return err
	}
	if err := u.renewCopy(ctx, dir, env); err != nil {
		return err
	}
	for _, args := range u.tests {
		err := codegen.Stream(ctx, u.log, dir, env, "go", append([]string{"test"}, args...)...)
		if err != nil && ctx.Err() == nil {
			return fmt.Errorf("the tests fail with this contract (%w)", err)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// renewCopy makes the published copy the whole new document if the operation in it
// is no longer the one in the contract. It leaves all other failures to the tests.
func (u *update) renewCopy(ctx context.Context, dir string, env []string) error {
	_, err := codegen.Run(ctx, dir, env, "go", "test", "-run="+copyTest, ".")
	if err == nil || ctx.Err() != nil {
		return err
	}
	contract, err := os.ReadFile(filepath.Join(dir, codegen.Contract))
	if err != nil {
		return err
	}
	fmt.Fprintf(u.log, "deleteImagesTask changed: %s becomes the new document\n", publishedCopy)
	return codegen.Replace(dir, codegen.Files{publishedCopy: contract})
}

// install puts what a contract decides in place from the copy at dir, unless
// somebody has changed an input in the meantime.
func (u *update) install(ctx context.Context, dir string, before codegen.Files, changed []string) error {
	now, err := codegen.Load(u.root)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(before)) {
		if !bytes.Equal(now[name], before[name]) {
			return fmt.Errorf("%s was changed in the meantime: run it again", name)
		}
	}
	files, err := codegen.Output(dir)
	if err != nil {
		return err
	}
	for _, name := range changed {
		if files[name], err = os.ReadFile(filepath.Join(dir, filepath.FromSlash(name))); err != nil {
			return err
		}
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err := codegen.Replace(u.root, files); err != nil {
		return err
	}
	fmt.Fprintln(u.log, "the contract is in place: look at git diff, then run make ci")
	return nil
}
