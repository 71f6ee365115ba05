package fakeapi

// handlers has what the service does, by operationId. Routes, credentials,
// checks, records and faults are common to all operations; the response of one
// without a handler is an example.
//
// Each operation adds its handler in a file of its own, so that to remove one
// that the contract has lost is to delete its file.
var handlers = map[string]func(*Server, *call) response{}
