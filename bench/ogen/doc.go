// Package ogen is what ogen generates from openapi.json by default. The
// generated files are not kept: go generate writes them, and the benchmarks use
// them if they are built with the tag ogen.
package ogen

//go:generate go tool ogen --target . --package ogen --clean --loglevel error ../../openapi.json
