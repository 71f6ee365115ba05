//go:build !race

package nested

// Race reports whether the race detector is on. It makes code take many times as long,
// and sees nothing in tests that measure memory or that let other programs work.
const Race = false
