package outfile

import (
	"maps"
	"net/http"
	"slices"
)

// extensions are the extensions of the known types of images.
var extensions = map[string]string{
	"image/png": ".png", "image/jpeg": ".jpg", "image/webp": ".webp", "image/gif": ".gif", "image/bmp": ".bmp",
}

const otherExtension = ".bin"

func allExtensions() []string {
	return append(slices.Sorted(maps.Values(extensions)), otherExtension)
}

// head keeps the beginning of what is written, from which the type is detected: the URL
// and the media type may be wrong.
type head struct{ data []byte }

func (h *head) Write(p []byte) (int, error) {
	const sniffed = 512
	h.data = append(h.data, p[:min(len(p), sniffed-len(h.data))]...)
	return len(p), nil
}

func (h *head) extension() string {
	if extension, ok := extensions[http.DetectContentType(h.data)]; ok {
		return extension
	}
	return otherExtension
}
