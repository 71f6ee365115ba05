package form

import (
	"strconv"
	"strings"
)

// Pair reads two positive numbers around a sign, such as 16:9 or 1024x768.
func Pair(s, sign string) (a, b uint64, ok bool) {
	left, right, found := strings.Cut(s, sign)
	a, okA := Positive(left)
	b, okB := Positive(right)
	return a, b, found && okA && okB
}

// Positive reads a number below 2^32 of digits only, without leading zeros.
func Positive(s string) (uint64, bool) {
	n, err := strconv.ParseUint(s, 10, 32)
	return n, err == nil && s[0] != '0'
}
