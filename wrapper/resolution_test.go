package wrapper

import (
	"math/big"
	"regexp"
	"strings"
	"testing"
)

func TestResolutions(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		check      func(string) string
		good, evil []string
	}{
		"V4.5": {checkResolutionV45,
			[]string{"9:16", "16:9", "3:4", "4:3", "1:1", "2:3", "3:2", "2K", "4K", "2560x1440", "4096x4096", "1x3686400", "16777216x1", "1920x1920"},
			[]string{"", "5:4", "1K", "2k", " 2K", "2K ", "2560X1440", "2560*1440", "2560×1440", "2559x1440", "4096x4097", "1x3686399", "1x16777217",
				"0x4096", "4096x0", "x", "4096x", "x4096", "-4096x-1024", "+2560x1440", "2560x1440x1", "02560x1440", "2_560x1440", "２５６０x1440",
				"4294967296x4294967296", "4294967297x3686400", "18446744073709551617x3686400", strings.Repeat("9", 400) + "x1", "1024*1024", "2.5e3x1440", "2560x1440\n"}},
		"V5": {checkResolutionV5,
			[]string{"2K", "1K", "4K", "16K", "1:1", "21:9", "5:4", "1024x1024", "1x1", "65535x65535"},
			[]string{"", "K", "0K", "-2K", "2k", "2KK", "2 K", "1:", ":1", "0:1", "1:0", "1:1:1", "1.5:1", "65536x1", "1x65536", "0x0", "1024*1024", "auto", "2Kx2K", "٢K"}},
		"Z-Image": {checkResolutionZImage,
			[]string{"9:16", "16:9", "1:1", "3:4", "4:3", "1024*1024", "1024x1024", "1x1", "1*65535"},
			[]string{"", "2:3", "3:2", "2K", "1024", "1024*", "*", "0*1", "1*0", "-1*-1", "65536*1", "1024x1024*1", "1024*1024x1", "1024 * 1024", "1024X1024", "99999999999999999999*1"}},
	}
	for name, tt := range tests {
		for _, s := range tt.good {
			if fault := tt.check(s); fault != "" {
				t.Errorf("%s refuses %q: %s", name, s, fault)
			}
		}
		for _, s := range tt.evil {
			if tt.check(s) == "" {
				t.Errorf("%s takes %q", name, s)
			}
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
		v45, v5, z := checkResolutionV45(s) == "", checkResolutionV5(s) == "", checkResolutionZImage(s) == ""
		if named.MatchString(s) {
			return
		}
		sides := size.FindStringSubmatch(s)
		if sides == nil {
			if v45 || v5 || z {
				t.Fatalf("%q is taken: %t %t %t", s, v45, v5, z)
			}
			return
		}
		w, _ := new(big.Int).SetString(sides[1], 10)
		h, _ := new(big.Int).SetString(sides[2], 10)
		pixels := new(big.Int).Mul(w, h)
		inRange := pixels.Cmp(big.NewInt(minPixelsV45)) >= 0 && pixels.Cmp(big.NewInt(maxPixelsV45)) <= 0
		sane := w.Cmp(big.NewInt(maxSide)) <= 0 && h.Cmp(big.NewInt(maxSide)) <= 0
		star := strings.Contains(s, "*")
		if v45 != (inRange && !star) || v5 != (sane && !star) || z != sane {
			t.Errorf("%q: %t %t %t", s, v45, v5, z)
		}
	})
}
