package codegen

import (
	"context"
	"fmt"
)

// AnyModFile lets the go command change go.mod, whatever GOFLAGS says.
var AnyModFile = []string{"GOFLAGS=-mod=mod"}

// Adopt makes the module at root that of another contract: the document, what is
// generated from it, and go.mod and go.sum, which gain or lose what only the
// generated code needs of oapi-codegen/runtime. A contract that is not valid, that the
// generator refuses, or whose code imports any other module, changes nothing. Later
// steps may fail halfway, so root should be a copy, as [CopyModule] makes one.
func Adopt(ctx context.Context, root string, contract []byte) error {
	inputs, err := Load(root)
	if err != nil {
		return err
	}
	inputs[Contract] = contract
	// It is compiled at the end, once go.mod has what it needs.
	output, err := generate(ctx, inputs, func(string) error { return nil })
	if err != nil {
		return err
	}
	if err := checkImports(output, inputs["go.mod"]); err != nil {
		return err
	}
	if _, err := Write(root, output); err != nil {
		return err
	}
	if err := Replace(root, Files{Contract: contract}); err != nil {
		return err
	}
	if _, err := Run(ctx, root, AnyModFile, "go", "mod", "tidy"); err != nil {
		return fmt.Errorf("go mod tidy: %w", err)
	}
	return compile(ctx, root)
}
