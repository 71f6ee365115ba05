// Package bench measures package durable, and tests what it is used with: modules that its users need not have.
//
//	DURABLE_JOBS=100000 go test -run Throughput -v -timeout 3h
//
// docs/durable.md has the figures.
package bench
