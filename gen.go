// Package tensorslab holds the published contract of TensorsLab's Images
// Service API, from which the generated package is made.
//
// Programs import the wrapper package; this one is for those who want the
// contract itself.
//
// # Generation
//
// go generate ./... makes generated/client.gen.go from three files:
//
//   - openapi.json, the contract as TensorsLab publishes it, never edited to suit
//     the generator;
//   - api/overlay.yaml, an OpenAPI Overlay that gives Go names and nothing else;
//   - oapi-codegen.yaml, the configuration, with a reason for each setting.
//
// The generator is oapi-codegen, at the version that tools/go.mod pins. It is in
// a module of its own, so that it is no dependency of those who import this one.
//
// Without further settings, on this contract, oapi-codegen exits with status 0 and writes
// code that does not compile. It names the response of an operation by the
// operation and "Response", and the contract has a schema of that name: there are
// two types DeleteImagesTaskResponse. The setting response-type-suffix names the
// former DeleteImagesTaskHTTPResponse, and resolve-type-name-collisions resolves
// any other collision.
//
// Generation happens in a temporary folder. The contract is validated first and
// the result is compiled before it replaces anything, so that a contract that is
// refused leaves generated/ as it was. TestGeneratedCodeIsCurrent generates in
// the same way and compares.
package tensorslab

import (
	"bytes"
	_ "embed"
)

//go:generate go run ./internal/dev/generate

//go:embed openapi.json
var spec []byte

// Spec returns a copy of the OpenAPI 3.0 document, as JSON, from which this
// version of the module was generated.
func Spec() []byte { return bytes.Clone(spec) }
