//go:build race

package main

// manyTasks replaces a million: under the race detector each costs ten times as much.
const manyTasks = 100_000
