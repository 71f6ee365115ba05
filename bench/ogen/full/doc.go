// Package full is what ogen generates from openapi.json by default. The
// generated files are not kept: go generate writes them, and the benchmarks use
// them if they are built with the tag ogen.
package full

//go:generate go tool ogen --target . --package full --clean --loglevel error ../../../openapi.json
