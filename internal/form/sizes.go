package form

import (
	"fmt"
	"slices"
	"strings"
)

// Sizes are the resolutions that a model is known to take.
type Sizes struct {
	Ratios    []string // such as 16:9; if there are none, any ratio and any level
	Levels    []string // such as 2K
	Signs     []string // that may stand between width and height
	MinPixels uint64   // width × height
	MaxPixels uint64   // 0 if no limit is published: then each side is bounded by maxSide
}

// maxSide is the largest side of an image where no limit is published: no JPEG
// is larger.
const maxSide = 1<<16 - 1

// Check says what is wrong with a resolution, in words that follow its name, or
// returns nothing. With no Sizes, everything is allowed.
func (z *Sizes) Check(s string) (reason string) {
	if z == nil || z.isNamed(s) || slices.ContainsFunc(z.Signs, func(sign string) bool { return z.isSize(s, sign) }) {
		return ""
	}
	if len(z.Ratios) == 0 {
		return "is neither a ratio W:H, nor a level such as 2K, nor a size " + z.sizes()
	}
	levels := ""
	if len(z.Levels) > 0 {
		levels = ", nor " + strings.Join(z.Levels, " or ")
	}
	limit := fmt.Sprintf("of at most %d pixels a side", maxSide)
	if z.MaxPixels > 0 {
		limit = fmt.Sprintf("with %d to %d pixels", z.MinPixels, z.MaxPixels)
	}
	return fmt.Sprintf("is none of %s%s, nor a size %s %s", strings.Join(z.Ratios, " "), levels, z.sizes(), limit)
}

// isNamed reports whether s is a ratio or a level that is taken.
func (z *Sizes) isNamed(s string) bool {
	if len(z.Ratios) > 0 {
		return slices.Contains(z.Ratios, s) || slices.Contains(z.Levels, s)
	}
	_, _, isRatio := Pair(s, ":")
	level, hasK := strings.CutSuffix(s, "K")
	_, isNumber := Positive(level)
	return isRatio || hasK && isNumber
}

func (z *Sizes) isSize(s, sign string) bool {
	w, h, ok := Pair(s, sign)
	if z.MaxPixels > 0 {
		return ok && w*h >= z.MinPixels && w*h <= z.MaxPixels // two factors below 2^32 can't overflow
	}
	return ok && w <= maxSide && h <= maxSide
}

// sizes returns the spellings of a size, such as "WxH or W*H".
func (z *Sizes) sizes() string {
	return "W" + strings.Join(z.Signs, "H or W") + "H"
}
