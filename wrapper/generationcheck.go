package wrapper

import (
	"context"
	"net/url"
	"strings"
	"unicode/utf8"
)

// How many images one generation may make (batchsize of the contract).
const (
	MinImages = 1
	MaxImages = 15
)

// generation is what is checked of a request before it costs anything.
type generation struct {
	op                       string
	prompt, category         string
	images                   int // 0: not given
	resolution, promptExtend string
	resolutions              resolutions
	imageURL                 string
	files                    int
}

func checkGeneration(ctx context.Context, g generation) error {
	if ctx == nil {
		return invalid(g.op, "", "the context is nil")
	}
	for _, text := range []struct{ field, value string }{
		{"/prompt", g.prompt}, {"/category", g.category}, {"/imageUrl", g.imageURL},
	} {
		if !utf8.ValidString(text.value) {
			return invalid(g.op, text.field, "is not valid UTF-8")
		}
	}
	switch {
	case strings.TrimSpace(g.prompt) == "":
		return invalid(g.op, "/prompt", "is blank")
	case g.images != 0 && (g.images < MinImages || g.images > MaxImages):
		return invalid(g.op, "/batchsize", "is %d; it may be from %d to %d", g.images, MinImages, MaxImages)
	case g.promptExtend != "" && g.promptExtend != "0" && g.promptExtend != "1":
		return invalid(g.op, "/prompt_extend", `is neither "0" nor "1"`)
	case g.imageURL != "" && g.files > 0:
		return invalid(g.op, "/imageUrl", "is given beside files in sourceImage; give one or the other")
	case g.imageURL != "" && !isWebURL(g.imageURL):
		return invalid(g.op, "/imageUrl", "is no http or https URL with a host")
	}
	if reason := g.resolutions.fault(g.resolution); reason != "" {
		return invalid(g.op, "/resolution", "%s", reason)
	}
	return nil
}

func isWebURL(raw string) bool {
	u, err := url.Parse(raw)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && validPort(u)
}
