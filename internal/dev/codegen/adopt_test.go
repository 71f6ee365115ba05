package codegen

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/dev/nested"
)

// withParameter is a contract with an operation that has one, for which the
// generated code needs another module.
func withParameter(t *testing.T) []byte {
	t.Helper()
	return []byte(contract(t, `"paths": {`, `"paths": {
    "/v1/images/tasks/{id}": {
      "get": {
        "operationId": "readTask",
        "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
        "responses": {"200": {"description": "OK"}}
      }
    },`))
}

// adopt calls Adopt in a module that has the checksums of all that it may need, so
// that no checksum database is consulted.
func adopt(t *testing.T, dir, contract string) {
	t.Helper()
	sums := readFile(t, dir, "go.sum") + readFile(t, "..", "evolution", "testdata", "go.sum")
	writeFile(t, sums, dir, "go.sum")
	if err := Adopt(context.Background(), dir, []byte(contract)); err != nil {
		t.Fatal(err)
	}
}

// Whatever go.mod had for the contract before, it has what the next one needs, and
// no more.
func TestAdopt(t *testing.T) {
	t.Parallel()
	nested.Need(t)
	dir := moduleCopy(t)
	for _, step := range []struct {
		name     string
		contract string
		needs    []string
	}{
		{"nothing", contract(t), nil},
		{"files", string(withFiles(t)), []string{runtimeModule, "github.com/google/uuid"}},
		{"a parameter", string(withParameter(t)), []string{runtimeModule, "github.com/google/uuid", "github.com/apapsch/go-jsonmerge/v2"}},
		{"nothing again", contract(t), nil},
	} {
		adopt(t, dir, step.contract)
		if got := readFile(t, dir, Contract); got != step.contract {
			t.Errorf("%s: the contract is %s", step.name, got)
		}
		if err := Check(context.Background(), dir); err != nil {
			t.Errorf("%s: %v", step.name, err)
		}
		for _, module := range []string{runtimeModule, "github.com/google/uuid", "github.com/apapsch/go-jsonmerge/v2"} {
			if got, want := strings.Contains(readFile(t, dir, "go.mod"), module+" v"), slices.Contains(step.needs, module); got != want {
				t.Errorf("%s: go.mod has %s: %t; want %t", step.name, module, got, want)
			}
		}
	}
}

// What cannot be generated leaves even the copy as it was.
func TestAdoptRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, contract string
		spoil          func(t *testing.T, dir string)
		want           string
	}{
		{"a contract that is not valid", "{}", func(*testing.T, string) {}, "not a valid OpenAPI 3 document"},
		{"a contract that the generator refuses", contract(t), func(t *testing.T, dir string) {
			edit(t, "prefer-skip-optional-pointer", "prefer-nothing", dir, Config)
		}, "the generator failed"},
		{"no module", contract(t), func(t *testing.T, dir string) { remove(t, dir, "go.mod") }, "go.mod"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := moduleCopy(t)
			tt.spoil(t, dir)
			before := snapshot(t, dir)
			err := Adopt(context.Background(), dir, []byte(tt.contract))
			oneLine(t, err)
			if !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v; want %q in it", err, tt.want)
			}
			unchanged(t, dir, before)
		})
	}
}

// go generate does not change go.mod: the error says what is missing.
func TestGenerateNamesTheRuntime(t *testing.T) {
	t.Parallel()
	nested.Need(t)
	dir := moduleCopy(t)
	adopt(t, dir, string(withFiles(t)))
	inputs, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	inputs[Contract] = withParameter(t)
	_, err = Generate(context.Background(), inputs)
	oneLine(t, err)
	if want := "go get " + runtimeModule + "@"; !strings.Contains(err.Error(), want) {
		t.Errorf("%v; want %q in it", err, want)
	}
}

func TestAdoptEndsWithTheContext(t *testing.T) {
	t.Parallel()
	dir := moduleCopy(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	before := snapshot(t, dir)
	if err := Adopt(ctx, dir, withParameter(t)); !errors.Is(err, context.Canceled) {
		t.Errorf("%v; want %v", err, context.Canceled)
	}
	unchanged(t, dir, before)
}
