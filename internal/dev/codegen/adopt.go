package codegen

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
)

// runtimeModule is what the generated code imports once an operation has
// parameters or takes files. Until then go.mod does not have it. This version goes
// with the generator's; where go.mod has one, go.mod decides.
const (
	runtimeModule  = "github.com/oapi-codegen/runtime"
	runtimeVersion = "v1.8.0"
)

// AnyModFile lets the go command change go.mod, whatever GOFLAGS says.
var AnyModFile = []string{"GOFLAGS=-mod=mod"}

// Adopt makes the module at root that of another contract: the document, what is
// generated from it, and go.mod and go.sum, which gain or lose what only the
// generated code needs. A contract that is not valid, or that the generator
// refuses, changes nothing; later steps may fail halfway, so that root should be a
// copy, as [CopyModule] makes one.
func Adopt(ctx context.Context, root string, contract []byte) error {
	inputs, err := Load(root)
	if err != nil {
		return err
	}
	inputs[Contract] = contract
	// It is compiled at the end, once go.mod has what it needs.
	output, err := generate(ctx, inputs, func(string, Files) error { return nil })
	if err != nil {
		return err
	}
	if _, err := Replace(root, output, Files{Contract: contract}); err != nil {
		return err
	}
	if importsRuntime(output) {
		// Not by go get, which asks the network for news of the module. Tidying adds
		// what the runtime needs in its turn.
		if _, err := Run(ctx, root, nil, "go", "mod", "edit", "-require="+runtimeQuery(inputs["go.mod"])); err != nil {
			return fmt.Errorf("go mod edit: %w", err)
		}
	}
	if _, err := Run(ctx, root, AnyModFile, "go", "mod", "tidy"); err != nil {
		return fmt.Errorf("go mod tidy: %w", err)
	}
	return compile(ctx, root)
}

func importsRuntime(output Files) bool {
	for _, code := range output {
		if bytes.Contains(code, []byte(`"`+runtimeModule)) {
			return true
		}
	}
	return false
}

var runtimeRequirement = regexp.MustCompile(`(?m)^(?:require)?\s+` + regexp.QuoteMeta(runtimeModule) + `\s+(v\S+)`)

// runtimeQuery is what to ask go get for: the version in goMod, which may lack
// some of what that needs, or else ours.
func runtimeQuery(goMod []byte) string {
	version := runtimeVersion
	if found := runtimeRequirement.FindSubmatch(goMod); found != nil {
		version = string(found[1])
	}
	return runtimeModule + "@" + version
}
