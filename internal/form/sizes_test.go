package form

import (
	"math/big"
	"regexp"
	"strings"
	"testing"
)

// Of each kind one: what is published, nothing of it, and a part.
var (
	limited = &Sizes{Ratios: []string{"9:16", "1:1"}, Levels: []string{"2K", "4K"}, Signs: []string{"x"}, MinPixels: 3_686_400, MaxPixels: 16_777_216}
	open    = &Sizes{Signs: []string{"x"}}
	starred = &Sizes{Ratios: []string{"1:1"}, Signs: []string{"x", "*"}}
)

func TestSizesSayWhatIsAllowed(t *testing.T) {
	t.Parallel()
	for want, sizes := range map[string]*Sizes{
		"": nil,
		"is none of 9:16 1:1, nor 2K or 4K, nor a size WxH with 3686400 to 16777216 pixels": limited,
		"is neither a ratio W:H, nor a level such as 2K, nor a size WxH":                    open,
		"is none of 1:1, nor a size WxH or W*H of at most 65535 pixels a side":              starred,
	} {
		if got := sizes.Check("8k"); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// Whatever is taken is of a documented form, by another way to read it.
func FuzzResolution(f *testing.F) {
	for _, s := range []string{"2K", "9:16", "2560x1440", "1024*1024", "1x3686400", "4294967297x4294967297", "0x0", "x", "K", ":", "-1x1", "01:1", "\xff", "１:1", "2_0x1"} {
		f.Add(s)
	}
	size := regexp.MustCompile(`^([1-9][0-9]*)[x*]([1-9][0-9]*)$`)
	named := regexp.MustCompile(`^([1-9][0-9]*:[1-9][0-9]*|[1-9][0-9]*K)$`)
	f.Fuzz(func(t *testing.T, s string) {
		isLimited, isOpen, isStarred := limited.Check(s) == "", open.Check(s) == "", starred.Check(s) == ""
		if named.MatchString(s) {
			return
		}
		sides := size.FindStringSubmatch(s)
		if sides == nil {
			if isLimited || isOpen || isStarred {
				t.Fatalf("%q is taken: %t %t %t", s, isLimited, isOpen, isStarred)
			}
			return
		}
		w, _ := new(big.Int).SetString(sides[1], 10)
		h, _ := new(big.Int).SetString(sides[2], 10)
		pixels := new(big.Int).Mul(w, h)
		inRange := pixels.Cmp(new(big.Int).SetUint64(limited.MinPixels)) >= 0 && pixels.Cmp(new(big.Int).SetUint64(limited.MaxPixels)) <= 0
		sane := w.Cmp(big.NewInt(maxSide)) <= 0 && h.Cmp(big.NewInt(maxSide)) <= 0
		star := strings.Contains(s, "*")
		if isLimited != (inRange && !star) || isOpen != (sane && !star) || isStarred != sane {
			t.Errorf("%q: %t %t %t", s, isLimited, isOpen, isStarred)
		}
	})
}
