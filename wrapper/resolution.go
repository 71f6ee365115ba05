package wrapper

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// resolutions are the values that a model's page documents.
type resolutions struct {
	words                []string // ratios and levels
	anyWord              bool     // any ratio and level: none are documented
	separators           string   // of a width and a height; empty: none may be given
	minPixels, maxPixels int64    // in all; 0: not documented
}

var (
	resolutionsV4  = resolutions{words: []string{"9:16", "16:9", "3:4", "4:3", "1:1"}}
	resolutionsV45 = resolutions{
		words:      []string{"9:16", "16:9", "3:4", "4:3", "1:1", "2:3", "3:2", "2K", "4K"},
		separators: "x", minPixels: 3_686_400, maxPixels: 16_777_216,
	}
	resolutionsV5     = resolutions{words: []string{"2K"}, anyWord: true, separators: "x"}
	resolutionsZImage = resolutions{words: []string{"9:16", "16:9", "1:1", "3:4", "4:3"}, separators: "x*"}
)

// fault says why a resolution is none that the model documents, or returns "".
// An empty one leaves the choice to the service.
func (r resolutions) fault(resolution string) string {
	if resolution == "" || slices.Contains(r.words, resolution) || r.anyWord && isWord(resolution) {
		return ""
	}
	width, height, ok := dimensions(resolution, r.separators)
	if !ok {
		return "is none of the model's; it may be " + r.forms()
	}
	if pixels := width * height; r.maxPixels > 0 && (pixels < r.minPixels || pixels > r.maxPixels) {
		return fmt.Sprintf("has %d pixels; WxH may have from %d to %d in all", pixels, r.minPixels, r.maxPixels)
	}
	return ""
}

// forms lists what fault accepts.
func (r resolutions) forms() string {
	forms := slices.Clone(r.words)
	if r.anyWord {
		forms = []string{"a ratio such as 16:9", "a level such as 2K"}
	}
	for _, separator := range r.separators {
		forms = append(forms, "W"+string(separator)+"H")
	}
	return strings.Join(forms, ", ")
}

// isWord reports whether s looks like a ratio or a level.
func isWord(s string) bool {
	return regexp.MustCompile(`^([1-9][0-9]?:[1-9][0-9]?|[1-9][0-9]?K)$`).MatchString(s)
}

// dimensions reads WxH, both in decimal without signs or leading zeros.
func dimensions(s, separators string) (width, height int64, ok bool) {
	i := strings.IndexAny(s, separators)
	if i < 0 {
		return 0, 0, false
	}
	width, widthOK := side(s[:i])
	height, heightOK := side(s[i+1:])
	return width, height, widthOK && heightOK
}

// side reads a number of 32 bits, so that two of them can be multiplied.
func side(s string) (int64, bool) {
	n, err := strconv.ParseInt(s, 10, 32)
	return n, err == nil && isDigits(s) && s[0] != '0'
}
