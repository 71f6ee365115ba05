//go:build !race

package main

const manyTasks = 1_000_000
