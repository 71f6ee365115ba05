package wrapper

import (
	"strings"
	"testing"
)

func TestResolutions(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		model      Model
		good, evil []string
	}{
		"V4.5": {ModelSeeDreamV45,
			[]string{"9:16", "16:9", "3:4", "4:3", "1:1", "2:3", "3:2", "2K", "4K", "2560x1440", "4096x4096", "1x3686400", "16777216x1", "1920x1920"},
			[]string{"", "5:4", "1K", "2k", " 2K", "2K ", "2560X1440", "2560*1440", "2560×1440", "2559x1440", "4096x4097", "1x3686399", "1x16777217",
				"0x4096", "4096x0", "x", "4096x", "x4096", "-4096x-1024", "+2560x1440", "2560x1440x1", "02560x1440", "2_560x1440", "２５６０x1440",
				"4294967296x4294967296", "4294967297x3686400", "18446744073709551617x3686400", strings.Repeat("9", 400) + "x1", "1024*1024", "2.5e3x1440", "2560x1440\n"}},
		"V5": {ModelSeeDreamV5,
			[]string{"2K", "1K", "4K", "16K", "1:1", "21:9", "5:4", "1024x1024", "1x1", "65535x65535"},
			[]string{"", "K", "0K", "-2K", "2k", "2KK", "2 K", "1:", ":1", "0:1", "1:0", "1:1:1", "1.5:1", "65536x1", "1x65536", "0x0", "1024*1024", "auto", "2Kx2K", "٢K"}},
		"Z-Image": {ModelZImage,
			[]string{"9:16", "16:9", "1:1", "3:4", "4:3", "1024*1024", "1024x1024", "1x1", "1*65535"},
			[]string{"", "2:3", "3:2", "2K", "1024", "1024*", "*", "0*1", "1*0", "-1*-1", "65536*1", "1024x1024*1", "1024*1024x1", "1024 * 1024", "1024X1024", "99999999999999999999*1"}},
	}
	for name, tt := range tests {
		for _, s := range tt.good {
			if fault := modelOps[tt.model].sizes.Check(s); fault != "" {
				t.Errorf("%s refuses %q: %s", name, s, fault)
			}
		}
		for _, s := range tt.evil {
			if modelOps[tt.model].sizes.Check(s) == "" {
				t.Errorf("%s takes %q", name, s)
			}
		}
	}
}
