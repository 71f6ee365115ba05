// Package evolution holds that the module follows a contract that grows: its tests
// take in contracts with what the vendored one does not have yet. It has no code
// but tests.
package evolution
