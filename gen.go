// Package tensorslab holds the published contract of TensorsLab's Images
// Service API, from which the generated package is made.
//
// Programs that call the API import package wrapper. This package is for programs
// that need the contract itself; see [Spec].
//
// # Generation
//
// go generate ./... writes generated/client.gen.go from three files, and the address
// of the contract's server to generated/server.gen.go:
//
//   - openapi.json, the contract, which is never edited to suit the generator
//     (api/README.md says where each operation comes from);
//   - api/overlay.yaml, an OpenAPI Overlay that gives Go names and changes nothing
//     about what is valid;
//   - oapi-codegen.yaml, the configuration, with a reason for each setting.
//
// The generator is oapi-codegen, at the version that tools/go.mod pins. The tools
// are a module of their own, so that programs that import this module do not
// depend on them.
//
// With its default settings oapi-codegen exits with status 0 on this contract and
// writes code that does not compile. It names the type for the response of an
// operation after the operation, with the suffix "Response", and the contract has a
// schema of that name, so that DeleteImagesTaskResponse is declared twice. The
// setting response-type-suffix names the former DeleteImagesTaskHTTPResponse, and
// resolve-type-name-collisions resolves any other collision.
//
// Generation runs in a temporary directory. It validates the contract first, and
// compiles the result before it replaces anything, so that generated/ stays as it
// was if the contract is refused. TestGeneratedCodeIsCurrent generates in the same
// way, and compares.
//
// The generated interfaces ClientInterface and ClientWithResponsesInterface list all
// operations and gain methods with each of them. They are not part of the API that
// versions promise to keep: programs should not implement them.
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
