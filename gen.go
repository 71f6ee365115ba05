// Package tensorslab holds the published contract of TensorsLab's Images
// Service API, from which the client types of the generated package are made.
//
// Programs import the wrapper package; this one is for those who want the
// contract itself.
package tensorslab

import (
	"bytes"
	_ "embed"
)

//go:generate go run ./internal/generate

//go:embed openapi.json
var spec []byte

// Spec returns a copy of the OpenAPI 3.0 document, as JSON, from which this
// version of the module was generated.
func Spec() []byte { return bytes.Clone(spec) }
