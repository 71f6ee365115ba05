// Package evolution tests that the module follows a contract that changes: it adopts
// contracts with what the vendored one does not have yet. It has no code but tests.
package evolution
