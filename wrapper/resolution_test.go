package wrapper

import (
	"math"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	tensorslab "github.com/tensorslab/tensorslab-go"
)

func TestResolutions(t *testing.T) {
	t.Parallel()
	models := map[string]resolutions{"v4": resolutionsV4, "v45": resolutionsV45, "v5": resolutionsV5, "zimage": resolutionsZImage}
	tests := []struct {
		resolution string
		of         string // the models that take it
	}{
		{"", "v4 v45 v5 zimage"},
		{"16:9", "v4 v45 v5 zimage"}, {"9:16", "v4 v45 v5 zimage"}, {"3:4", "v4 v45 v5 zimage"}, {"4:3", "v4 v45 v5 zimage"}, {"1:1", "v4 v45 v5 zimage"},
		{"2:3", "v45 v5"}, {"3:2", "v45 v5"}, {"21:9", "v5"}, {"0:9", ""}, {"16:9 ", ""}, {"16/9", ""}, {":", ""}, {"16:", ""}, {"１6:9", ""},
		{"2K", "v45 v5"}, {"4K", "v45 v5"}, {"3K", "v5"}, {"2k", ""}, {"K", ""}, {"0K", ""}, {"100K", ""},
		{"2048x2048", "v45 v5 zimage"}, {"2560x1440", "v45 v5 zimage"}, {"4096x4096", "v45 v5 zimage"}, {"3750x1250", "v45 v5 zimage"},
		{"1500x1500", "v5 zimage"}, {"2560x1439", "v5 zimage"}, {"4096x4097", "v5 zimage"}, {"1x16777216", "v45 v5 zimage"}, {"1x16777217", "v5 zimage"},
		{"1024*1024", "zimage"}, {"2048*2048", "zimage"}, {"2048X2048", ""}, {"2048×2048", ""}, {"2048x", ""}, {"x2048", ""}, {"x", ""}, {"*", ""},
		{"2048x2048x1", ""}, {"-2048x-2048", ""}, {"+2048x2048", ""}, {"02048x2048", ""}, {"0x2048", ""}, {"0x0", ""}, {" 2048x2048", ""}, {"2048 x 2048", ""},
		{"1e3x1e3", ""}, {"2048.0x2048", ""}, {"4294967297x4294967297", ""}, {"99999999999999999999x1", ""}, {"2147483647x2147483647", "v5 zimage"},
		{"banana", ""}, {"2048x2048\n", ""}, {"\x00", ""}, {"\xff", ""},
	}
	for _, tt := range tests {
		for name, model := range models {
			reason := model.fault(tt.resolution)
			if got, want := reason == "", strings.Contains(" "+tt.of+" ", " "+name+" "); got != want {
				t.Errorf("%s takes %q: %t (%s), want %t", name, tt.resolution, got, reason, want)
			}
		}
	}
}

func TestResolutionFaultNamesTheRule(t *testing.T) {
	t.Parallel()
	for want, got := range map[string]string{
		"is none of the model's; it may be 9:16, 16:9, 3:4, 4:3, 1:1":                        resolutionsV4.fault("2K"),
		"is none of the model's; it may be 9:16, 16:9, 3:4, 4:3, 1:1, 2:3, 3:2, 2K, 4K, WxH": resolutionsV45.fault("8K"),
		"has 2250000 pixels; WxH may have from 3686400 to 16777216 in all":                   resolutionsV45.fault("1500x1500"),
		"is none of the model's; it may be a ratio such as 16:9, a level such as 2K, WxH":    resolutionsV5.fault("big"),
		"is none of the model's; it may be 9:16, 16:9, 1:1, 3:4, 4:3, WxH, W*H":              resolutionsZImage.fault("2K"),
		"has 4611686014132420609 pixels; WxH may have from 3686400 to 16777216 in all":       resolutionsV45.fault("2147483647x2147483647"),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// What the contract says of a field, the checks say as well.
func TestGenerationChecksAreTheContracts(t *testing.T) {
	t.Parallel()
	doc, err := openapi3.NewLoader().LoadFromData(tensorslab.Spec())
	if err != nil {
		t.Fatal(err)
	}
	for path, model := range map[string]resolutions{
		"/v1/images/seedreamv4": resolutionsV4, "/v1/images/seedreamv45": resolutionsV45,
		"/v1/images/seedreamv5": resolutionsV5, "/v1/images/zimage": resolutionsZImage,
	} {
		form := doc.Paths.Value(path).Post.RequestBody.Value.Content["multipart/form-data"].Schema.Value.Properties
		resolution := form["resolution"].Value
		for _, value := range append(resolution.Enum, resolution.Default) {
			if text, _ := value.(string); model.fault(text) != "" {
				t.Errorf("%s: %q is refused", path, text)
			}
		}
		if n := len(resolution.Enum); n > 0 && n != len(model.words) {
			t.Errorf("%s: the contract has %d resolutions, and the check %d", path, n, len(model.words))
		}
		if images := form["batchsize"]; images != nil && (*images.Value.Min != MinImages || *images.Value.Max != MaxImages) {
			t.Errorf("%s: batchsize from %v to %v", path, *images.Value.Min, *images.Value.Max)
		}
	}
}

func FuzzResolution(f *testing.F) {
	for _, seed := range []string{"", "2K", "16:9", "2048x2048", "1024*1024", "0x0", "9999999999x9999999999", "x", "\xff", "1x16777217"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, model := range []resolutions{resolutionsV4, resolutionsV45, resolutionsV5, resolutionsZImage} {
			if reason := model.fault(s); strings.ContainsAny(reason, "\n\r") || reason == "" && len(s) > 2*len("2147483647")+1 {
				t.Errorf("%q: %q", s, reason)
			}
		}
		if w, h, ok := dimensions(s, "x*"); ok && (w < 1 || h < 1 || w > math.MaxInt32 || h > math.MaxInt32) {
			t.Errorf("%q: %d by %d", s, w, h)
		}
	})
}
