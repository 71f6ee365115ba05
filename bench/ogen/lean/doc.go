// Package lean is what ogen generates from openapi.json with all features off
// that a client can do without, OpenTelemetry above all. As in package full, the
// generated files are not kept.
package lean

//go:generate go tool ogen --config ogen.yml --target . --package lean --clean --loglevel error ../../../openapi.json
