// Package downstream holds what a program that imports this module gets: its tests
// build, vendor and run one, and hold the list of modules that it links. It has no
// code but tests.
package downstream
