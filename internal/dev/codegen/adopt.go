package codegen

import (
	"context"
	"fmt"
	"maps"
)

// AnyModFile lets the go command change go.mod, whatever GOFLAGS says.
var AnyModFile = []string{"GOFLAGS=-mod=mod"}

// Adopt is [Services.Adopt] of [All] for another contract of the Images Service.
func Adopt(ctx context.Context, root string, contract []byte) error {
	return All.Adopt(ctx, root, Files{Contract: contract})
}

// Adopt makes the module at root that of other contracts: the documents, what is
// generated from them, and go.mod and go.sum, which gain or lose what only the
// generated code needs of oapi-codegen/runtime. A contract that is not valid, that the
// generator refuses, or whose code imports any other module, changes nothing. Later
// steps may fail halfway, so root should be a copy, as [CopyModule] makes one.
func (all Services) Adopt(ctx context.Context, root string, contracts Files) error {
	inputs, err := all.Load(root)
	if err != nil {
		return err
	}
	maps.Copy(inputs, contracts)
	// It is compiled at the end, once go.mod has what it needs.
	output, err := all.generate(ctx, inputs, nil)
	if err != nil {
		return err
	}
	if err := checkImports(output, inputs["go.mod"]); err != nil {
		return err
	}
	if _, err := all.Write(root, output); err != nil {
		return err
	}
	if err := Replace(root, contracts); err != nil {
		return err
	}
	if _, err := Run(ctx, root, AnyModFile, "go", "mod", "tidy"); err != nil {
		return fmt.Errorf("go mod tidy: %w", err)
	}
	return all.compile(ctx, root)
}
