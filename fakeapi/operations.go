package fakeapi

import "github.com/tensorslab/tensorslab-go/internal/vendored"

// handler carries out a request that satisfies the contract.
type handler = func(*Server, *call) response

// handlersOf has the handlers of each service that has any.
var handlersOf = map[*vendored.Source]map[string]handler{vendored.Images: handlers}

// handlers has what the Images Service does, by operationId. Routes, credentials,
// checks, records and faults are common to all operations; the response of one
// without a handler is an example.
//
// Each operation adds its handler in a file of its own, so that to remove one
// that the contract has lost is to delete its file.
var handlers = map[string]handler{}
