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

	"github.com/tensorslab/tensorslab-go/internal/codegen"
	"github.com/tensorslab/tensorslab-go/internal/updatespec/changes"
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
	dir, err := os.MkdirTemp("", "tensorslab-update-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := codegen.CopyModule(u.root, dir); err != nil {
		return err
	}
	fmt.Fprintln(u.log, "generating the client")
	if err := codegen.Adopt(ctx, dir, contract); err != nil {
		return err
	}
	copies, err := renewCopies(dir, before[codegen.Contract], contract)
	if err != nil {
		return err
	}
	fmt.Fprintln(u.log, "building and testing")
	if err := u.test(ctx, dir); err != nil {
		return err
	}
	return u.install(dir, before, copies)
}

func (u *update) test(ctx context.Context, dir string) error {
	if _, err := codegen.Run(ctx, dir, nil, "go", "build", "-mod=readonly", "./..."); err != nil {
		return fmt.Errorf("the module does not compile with this contract: %w", err)
	}
	args := append([]string{"test", "-short", "-mod=readonly"}, u.packages...)
	if err := codegen.Stream(ctx, u.log, dir, nil, "go", args...); err != nil {
		return fmt.Errorf("the tests fail with this contract (%w)", err)
	}
	return nil
}

// install brings what a contract decides over from the copy, unless somebody has
// changed it in the meantime.
func (u *update) install(dir string, before codegen.Files, copies []string) error {
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
	for _, name := range append(copies, codegen.Contract, "go.mod", "go.sum") {
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
