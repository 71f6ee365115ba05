// Package downstream tests what a program that imports this module gets: it builds,
// vendors and runs one, and compares the modules that it links with a list. It has
// no code but tests.
package downstream
