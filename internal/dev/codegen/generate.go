package codegen

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
)

// Generate returns the files that the generator pinned in [ToolsMod] makes of
// the inputs, which [Load] reads. It works in a folder of its own and changes
// nothing else. It fails if the contract is not valid, if the generator fails, if
// what it wrote decodes JSON by a codec that a program can replace, or if that does
// not compile: the generator exits with status 0 on code whose type names collide.
// The end of ctx ends the programs that it runs.
func Generate(ctx context.Context, inputs Files) (Files, error) {
	return generate(ctx, inputs, func(dir string) error { return compile(ctx, dir) })
}

// generate passes the folder in which it worked to check, before the folder is
// removed.
func generate(ctx context.Context, inputs Files, check func(dir string) error) (Files, error) {
	if err := Validate(inputs[Contract]); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "tensorslab-generate-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if err := writeInputs(dir, inputs); err != nil {
		return nil, err
	}
	// The go command passes no -mod on to `go tool`, not even from GOFLAGS, so modules
	// are always read-only here.
	if _, err := Run(ctx, dir, nil, "go", "tool", "-modfile="+ToolsMod, "oapi-codegen", "-config", Config, Contract); err != nil {
		if name, ok := unwritable(inputs[Contract]); ok && ctx.Err() == nil {
			return nil, unwritableError(name)
		}
		return nil, fmt.Errorf("the generator failed: %w", err)
	}
	output, err := Output(dir)
	if err != nil {
		return nil, err
	}
	if len(output) == 0 {
		return nil, errors.New("the generator wrote nothing below " + OutputDir + "/: see the output setting in " + Config)
	}
	if err := errors.Join(checkCodec(output), checkFields(inputs[Contract], output)); err != nil {
		return nil, err
	}
	if err := addServer(dir, output, inputs[Contract]); err != nil {
		return nil, err
	}
	if err := check(dir); err != nil {
		return nil, err
	}
	return output, nil
}

// writeInputs writes what generation depends on below dir, with the contract as the
// generator is to read it.
func writeInputs(dir string, inputs Files) error {
	prepared, err := prepare(inputs[Contract])
	if err != nil {
		return err
	}
	inputs = maps.Clone(inputs)
	inputs[Contract] = prepared
	return writeAll(dir, inputs)
}

func compile(ctx context.Context, dir string) error {
	// The flag overrides GOFLAGS, which may ask for a vendor folder.
	_, err := Run(ctx, dir, nil, "go", "build", "-mod=readonly", "./"+OutputDir, "./"+OutputDir+"/...")
	if err != nil && lacksModule(err) {
		return fmt.Errorf("the generated code needs a module that go.mod lacks; add it with go get: %w", err)
	}
	if err != nil {
		return fmt.Errorf("the generated code does not compile: %w", err)
	}
	return nil
}

// lacksModule reports whether a failure of the go command is about go.mod or go.sum.
func lacksModule(err error) bool {
	for _, text := range []string{"cannot find module providing package", "updates to go.mod needed", "missing go.sum entry"} {
		if strings.Contains(err.Error(), text) {
			return true
		}
	}
	return false
}

// writeAll writes files below dir, which nothing else uses.
func writeAll(dir string, files Files) error {
	for name, data := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			return err
		}
	}
	return nil
}
