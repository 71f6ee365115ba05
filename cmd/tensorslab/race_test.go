//go:build race

package main

// manyTasks stands for a million: the race detector makes each ten times as dear.
const manyTasks = 100_000
