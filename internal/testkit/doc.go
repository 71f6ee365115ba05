// Package testkit holds what several test packages of this module share:
// servers that misbehave on real loopback sockets, transports without a
// network, forms and images, and checks for goroutines and memory left behind.
//
// It imports no package of this module, so that any of them may use it in its
// tests. Helpers that need a client are in internal/conformance.
package testkit
