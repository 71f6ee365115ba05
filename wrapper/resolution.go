package wrapper

import (
	"slices"
	"strconv"
	"strings"
)

// How many pixels an image of SeeDream V4.5 may have, where its size is given
// as width and height (from the reference's page on seedreamv45).
const (
	MinPixelsV45 = 3_686_400
	MaxPixelsV45 = 16_777_216
)

// maxSide is where sizes without a published limit end: no JPEG is larger.
const maxSide = 1<<16 - 1

var (
	ratiosV45    = []string{"9:16", "16:9", "3:4", "4:3", "1:1", "2:3", "3:2"}
	levelsV45    = []string{"2K", "4K"}
	ratiosZImage = []string{"9:16", "16:9", "1:1", "3:4", "4:3"}
)

func anyResolution(string) string { return "" }

func resolutionV45(s string) string {
	if slices.Contains(ratiosV45, s) || slices.Contains(levelsV45, s) {
		return ""
	}
	// Two factors below 2^32 can't overflow.
	if w, h, ok := pair(s, "x"); ok && w*h >= MinPixelsV45 && w*h <= MaxPixelsV45 {
		return ""
	}
	return "is none of " + strings.Join(ratiosV45, " ") + ", nor 2K or 4K, nor a size WxH with " +
		strconv.Itoa(MinPixelsV45) + " to " + strconv.Itoa(MaxPixelsV45) + " pixels"
}

func resolutionV5(s string) string {
	_, _, isRatio := pair(s, ":")
	level, hasK := strings.CutSuffix(s, "K")
	_, isNumber := positive(level)
	if isRatio || hasK && isNumber || isSize(s, "x") {
		return ""
	}
	return "is neither a ratio W:H, nor a level such as 2K, nor a size WxH"
}

func resolutionZImage(s string) string {
	if slices.Contains(ratiosZImage, s) || isSize(s, "x") || isSize(s, "*") {
		return ""
	}
	return "is none of " + strings.Join(ratiosZImage, " ") + ", nor a size WxH or W*H of at most " + strconv.Itoa(maxSide) + " pixels a side"
}

func isSize(s, sign string) bool {
	w, h, ok := pair(s, sign)
	return ok && w <= maxSide && h <= maxSide
}

// pair reads two positive numbers around a sign.
func pair(s, sign string) (a, b uint64, ok bool) {
	left, right, found := strings.Cut(s, sign)
	a, okA := positive(left)
	b, okB := positive(right)
	return a, b, found && okA && okB
}

// positive reads a number of digits only, without leading zeros.
func positive(s string) (uint64, bool) {
	n, err := strconv.ParseUint(s, 10, 32)
	return n, err == nil && s[0] != '0' && isDigits(s)
}
