package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/tensorslab/tensorslab-go/internal/dev/codegen"
)

// candidate is a contract that is being tried in a copy of the module at dir. Tests
// that are interrupted leave their files in temp.
type candidate struct {
	*update
	dir, temp string
	before    codegen.Files // the inputs of the generation in the tree
	contract  []byte
	generated bool     // the copy has the client of the contract
	done      []string // lines for a contract that is put in place
}

// adopt makes everything in the copy, and puts it in place if it compiles and passes
// the tests. The error of a contract that cannot be imported is returned before
// anything was compiled, if that is known by then.
func (c *candidate) adopt(ctx context.Context) error {
	if err := codegen.CopyModule(c.root, c.dir); err != nil {
		return err
	}
	t, err := c.generate(ctx)
	if err != nil {
		return err
	}
	written, err := parseSources(c.dir, c.service)
	if err != nil {
		return err
	}
	if err := t.check(written); err != nil {
		return err
	}
	removed, err := c.remove(written, t)
	if err != nil {
		return err
	}
	changed := []string{c.service.Document, "go.mod", "go.sum", publishedCopy}
	tidied, err := tidyDependents(ctx, c.dir, c.before["go.mod"])
	if err != nil {
		return err
	}
	changed = append(changed, tidied...)
	c.step("building")
	unfinished, err := c.test(ctx, t, removed)
	if err != nil {
		return err
	}
	if err := c.compare(ctx); err != nil {
		return err
	}
	if err := c.install(ctx, changed, removed); err != nil {
		return err
	}
	return c.finish(t, removed, unfinished)
}

// generate makes the copy the module of the new contract.
func (c *candidate) generate(ctx context.Context) (trial, error) {
	c.step("generating")
	was, err := codegen.Output(c.dir)
	if err != nil {
		return trial{}, err
	}
	if err := codegen.All.Adopt(ctx, c.dir, codegen.Files{c.service.Document: c.contract}); err != nil {
		return trial{}, err
	}
	c.generated = true
	is, err := codegen.Output(c.dir)
	if err != nil {
		return trial{}, err
	}
	return newTrial(c.dir, c.service, c.before[c.service.Document], c.contract, was, is, c.withdraw)
}

// remove deletes what belongs to the operations that are withdrawn from the copy.
func (c *candidate) remove(written *sources, t trial) (removed []removal, err error) {
	for _, id := range t.withdraw {
		r, err := withdraw(c.dir, written, written.offerOf(id))
		if err != nil {
			return nil, err
		}
		removed = append(removed, r)
	}
	return removed, nil
}

// test builds and tests the copy. Without withdrawn operations it has to pass; with
// them, people have to edit what uses them, and unfinished says that it does not
// compile until then.
func (c *candidate) test(ctx context.Context, t trial, removed []removal) (unfinished bool, err error) {
	if err := os.Mkdir(c.temp, 0o755); err != nil {
		return false, err
	}
	// Without the paths of files in what is compiled, the next import finds most of it done.
	env := []string{"TMPDIR=" + c.temp, "TMP=" + c.temp, "TEMP=" + c.temp, "GOFLAGS=-mod=readonly -trimpath"}
	if len(removed) > 0 {
		return c.vet(ctx, env)
	}
	if err := c.compile(ctx, t, env); err != nil {
		return false, err
	}
	if err := c.renewCopy(ctx, env); err != nil {
		return false, err
	}
	return false, c.runTests(ctx, env)
}

// compile builds the packages that are refused most often, and then all. A reason that
// the first ones give is printed before the others are built, which adds places to it.
func (c *candidate) compile(ctx context.Context, t trial, env []string) error {
	first := t.compiled(ctx, c.first, env)
	if first != nil && ctx.Err() == nil {
		c.announce(first)
	}
	if err := t.compiled(ctx, c.build, env); err != nil || ctx.Err() != nil {
		return err
	}
	return first
}

// runTests runs the tests that depend on the contract. What they print comes after the
// reason of a refusal.
func (c *candidate) runTests(ctx context.Context, env []string) error {
	var out strings.Builder
	for _, args := range c.tests {
		err := codegen.Stream(ctx, io.MultiWriter(&out, c), c.dir, env, "go", append([]string{"test"}, args...)...)
		if err != nil && ctx.Err() == nil {
			return failedTests(out.String(), err)
		}
		if err != nil {
			return err
		}
	}
	c.done = append(c.done, "the client is generated and compiles, and the tests that depend on the contract pass:\n"+strings.TrimSpace(out.String()))
	return nil
}

// vet compiles everything, tests included.
func (c *candidate) vet(ctx context.Context, env []string) (unfinished bool, err error) {
	_, err = codegen.Run(ctx, c.dir, append(env, "GOWORK="), "go", append([]string{"vet"}, c.build...)...)
	if err != nil && ctx.Err() != nil {
		return false, err
	}
	if err != nil {
		return true, nil // the places are listed by name, all of them
	}
	return false, c.renewCopy(ctx, env)
}

// renewCopy makes the published copy the whole new document if the operation in it
// is no longer the one in the contract. It leaves all other failures to the tests.
func (c *candidate) renewCopy(ctx context.Context, env []string) error {
	if c.service.Document != codegen.Contract {
		return nil
	}
	_, err := codegen.Run(ctx, c.dir, env, "go", "test", "-run="+copyTest, ".")
	if err == nil || ctx.Err() != nil {
		return err
	}
	contract, err := os.ReadFile(filepath.Join(c.dir, codegen.Contract))
	if err != nil {
		return err
	}
	c.done = append(c.done, fmt.Sprintf("deleteImagesTask changed: %s becomes the new document", publishedCopy))
	return codegen.Replace(c.dir, codegen.Files{publishedCopy: contract})
}
