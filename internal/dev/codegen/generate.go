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

// Generate is [Services.Generate] of [All].
func Generate(ctx context.Context, inputs Files) (Files, error) { return All.Generate(ctx, inputs) }

// Generate returns the files that the generator pinned in [ToolsMod] makes of
// the inputs, which [Services.Load] reads. It works in a folder of its own and changes
// nothing else. It fails if a contract is not valid, if the generator fails, if
// what it wrote decodes JSON by a codec that a program can replace, or if that does
// not compile: the generator exits with status 0 on code whose type names collide.
// The end of ctx ends the programs that it runs.
func (all Services) Generate(ctx context.Context, inputs Files) (Files, error) {
	return all.generate(ctx, inputs, func(dir string) error { return all.compile(ctx, dir) })
}

// Uncompiled is [Generate] without the check that the code compiles.
func Uncompiled(ctx context.Context, inputs Files) (Files, error) {
	return All.generate(ctx, inputs, nil)
}

// generate passes the folder in which it worked to check, if that is not nil, before the
// folder is removed.
func (all Services) generate(ctx context.Context, inputs Files, check func(dir string) error) (Files, error) {
	for _, s := range all {
		if err := Validate(inputs[s.Document]); err != nil {
			return nil, all.about(s, err)
		}
	}
	dir, err := os.MkdirTemp("", "tensorslab-generate-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if err := all.writeInputs(dir, inputs); err != nil {
		return nil, err
	}
	for _, s := range all {
		if err := s.run(ctx, dir, inputs); err != nil {
			return nil, all.about(s, err)
		}
	}
	output, err := all.Output(dir)
	if err != nil {
		return nil, err
	}
	for _, s := range all {
		own := all.outputOf(s, output)
		if err := s.check(inputs, own); err != nil {
			return nil, all.about(s, err)
		}
		if err := s.addServer(dir, own, inputs[s.Document]); err != nil {
			return nil, all.about(s, err)
		}
		maps.Copy(output, own)
	}
	if check == nil {
		return output, nil
	}
	if err := check(dir); err != nil {
		return nil, err
	}
	return output, nil
}

// run runs the generator in dir.
func (s Service) run(ctx context.Context, dir string, inputs Files) error {
	// The go command passes no -mod on to `go tool`, not even from GOFLAGS, so modules
	// are always read-only here.
	_, err := Run(ctx, dir, nil, "go", "tool", "-modfile="+ToolsMod, "oapi-codegen", "-config", s.Config, s.Document)
	if err == nil {
		return nil
	}
	names := naming{inputs[s.Document], s.Overlay}
	if name, ok := names.unwritable(); ok && ctx.Err() == nil {
		return names.unwritableError(name)
	}
	return fmt.Errorf("the generator failed: %w", err)
}

// check looks at what was generated before it is compiled.
func (s Service) check(inputs, output Files) error {
	if len(output) == 0 {
		return errors.New("the generator wrote nothing below " + s.Package + "/: see the output setting in " + s.Config)
	}
	names := naming{inputs[s.Document], s.Overlay}
	if err := names.checkDeclared(output); err != nil {
		return err // of a type that is declared twice, the fields mean nothing
	}
	return errors.Join(checkCodec(output), names.checkFields(output))
}

// about names the document that an error is about, where there are several.
func (all Services) about(s Service, err error) error {
	if len(all) == 1 {
		return err
	}
	return fmt.Errorf("%s: %w", s.Document, err)
}

// writeInputs writes what generation depends on below dir, with the contracts as the
// generator is to read them.
func (all Services) writeInputs(dir string, inputs Files) error {
	inputs = maps.Clone(inputs)
	for _, s := range all {
		prepared, err := prepare(inputs[s.Document])
		if err != nil {
			return all.about(s, err)
		}
		inputs[s.Document] = prepared
	}
	return writeAll(dir, inputs)
}

func (all Services) compile(ctx context.Context, dir string) error {
	// The flag overrides GOFLAGS, which may ask for a vendor folder. No flag is given that
	// would make the go command compile the standard library again.
	args := []string{"build", "-mod=readonly"}
	for _, folder := range all.Packages() {
		args = append(args, "./"+folder, "./"+folder+"/...")
	}
	_, err := Run(ctx, dir, nil, "go", args...)
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
