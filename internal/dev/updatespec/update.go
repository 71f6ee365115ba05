package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/tensorslab/tensorslab-go/internal/dev/codegen"
	"github.com/tensorslab/tensorslab-go/internal/dev/updatespec/changes"
)

// firstPackages use most of what is generated, so that they are the first to lack
// something.
var firstPackages = []string{"./wrapper", "./fakeapi"}

// builtPackages have to compile with a new contract.
var builtPackages = []string{"./...", "./cmd/tensorslab/...", "./durable/..."}

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
	service   codegen.Service
	root      string
	first     []string   // packages that are built before all others
	build     []string   // packages that have to compile
	tests     [][]string // arguments of go test that have to pass
	withdraw  []string   // operations that the contract may lack, though the module offers them
	out, log  io.Writer
	notes     []string          // what of the contract has no effect
	report    changes.Report    // what changed, also if the contract cannot be imported
	announced bool              // the reason of a refusal was printed
	begin     func(step string) // is told of each step, and of what tests print as they run, if not nil
}

func (u *update) step(name string) {
	if u.begin != nil {
		u.begin(name)
	}
}

// Write makes u a writer of what tests print as they run.
func (u *update) Write(p []byte) (int, error) {
	u.step(string(p))
	return len(p), nil
}

// errUnfinished is the error of a contract that is in place although the module does
// not compile with it, since operations were withdrawn.
var errUnfinished = errors.New("the contract is in place, and the module does not compile until the places above are edited")

// run works in a copy, from reading to testing. The tree is only touched at the
// end, in one step. Nothing is printed before the contract was found to be one that
// a client can be generated from, so that the reason of a refusal comes first.
func (u *update) run(ctx context.Context, read source) error {
	u.step("reading")
	document, err := read(ctx)
	if err != nil {
		return err
	}
	contract, err := normalised(document)
	if err != nil {
		return err
	}
	if u.notes, err = codegen.Notes(contract); err != nil {
		return err
	}
	before, err := codegen.Load(u.root)
	if err != nil {
		return err
	}
	if bytes.Equal(contract, before[u.service.Document]) {
		fmt.Fprintf(u.log, "%s is up to date\n", u.service.Document)
		return nil
	}
	if err := checkWithdrawn(u.root, u.service, contract, u.withdraw); err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "tensorslab-update-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	c := candidate{update: u, dir: filepath.Join(work, "module"), temp: filepath.Join(work, "temp"), before: before, contract: contract}
	err = c.adopt(ctx)
	if err != nil && c.report == (changes.Report{}) && ctx.Err() == nil {
		u.announce(err)
		_ = c.compare(ctx) // err says more than that nothing can be compared
	}
	return err
}

// announce prints the reason of a refusal, once. What else is said of it takes longer.
func (u *update) announce(err error) {
	if !u.announced {
		u.announced = true
		fmt.Fprintf(u.log, "updatespec: %v; the tree is as it was\n", err)
	}
}
