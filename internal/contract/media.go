package contract

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// IsJSON reports whether a Content-Type, in any case and with any parameters,
// is JSON. The parameters are not read.
func IsJSON(contentType string) bool {
	switch media := withoutParameters(strings.ToLower(contentType)); media {
	case "application/json", "text/json", "text/x-json":
		return true
	default:
		return strings.HasSuffix(media, "+json")
	}
}

func withoutParameters(contentType string) string {
	media, _, _ := strings.Cut(contentType, ";")
	return strings.TrimSpace(media)
}

// contentTypeOf returns the Content-Type, or all of them where there are
// several, which together are none.
func contentTypeOf(resp *http.Response) string {
	return strings.Join(resp.Header["Content-Type"], ", ") // the name is in its canonical form
}

// mediaFor returns what content has for a Content-Type, or nil. The most
// specific key counts: the whole Content-Type, its type and subtype, type/* and
// */*. Unlike [openapi3.Content.Get] it also matches keys that have parameters,
// such as "application/json; charset=utf-8", by type and subtype.
func mediaFor(content openapi3.Content, contentType string) *openapi3.MediaType {
	media, _ := mediaOf(content, contentType)
	return media
}

// mediaOf is [mediaFor], and reports whether the key is a range: type/* or */*.
func mediaOf(content openapi3.Content, contentType string) (media *openapi3.MediaType, isRange bool) {
	whole := strings.ToLower(strings.TrimSpace(contentType))
	base := withoutParameters(whole)
	major, _, ok := strings.Cut(base, "/")
	if !ok && base != "" {
		return nil, false // no media type, and so not one of */* either
	}
	for i, want := range []string{whole, base, major + "/*", "*/*"} {
		if media := lookup(content, want); media != nil {
			return media, i > 1
		}
	}
	return nil, false
}

// jsonOf returns what content has for JSON, or nil.
func jsonOf(content openapi3.Content) *openapi3.MediaType {
	if media := mediaFor(content, "application/json"); media != nil {
		return media
	}
	if keys := jsonKeys(content); len(keys) > 0 {
		return content[keys[0]]
	}
	return nil
}

// isText reports whether a Content-Type is one of texts that services give JSON by
// mistake. Others are files and streams, of which no more is known.
func isText(contentType string) bool {
	switch withoutParameters(strings.ToLower(contentType)) {
	case "text/plain", "text/html", "text/javascript", "application/javascript":
		return true
	}
	return false
}

// isStructured reports whether a schema is one of JSON alone: it has a type, or
// properties or items, and is not satisfied by a text.
func isStructured(ref *openapi3.SchemaRef) bool {
	if ref == nil || ref.Value == nil {
		return false
	}
	structured := false
	for _, part := range composed(ref.Value, nil, true) {
		if part.Type.Includes(openapi3.TypeString) {
			return false
		}
		structured = structured || !part.Type.IsEmpty() || len(part.Properties) > 0 || part.Items != nil
	}
	return structured
}

// describesObject reports whether a schema is one of JSON objects, and not satisfied by
// a text.
func describesObject(ref *openapi3.SchemaRef) bool {
	return isStructured(ref) && slices.ContainsFunc(composed(ref.Value, nil, true), func(part *openapi3.Schema) bool {
		return part.Type.Includes(openapi3.TypeObject) || len(part.Properties) > 0
	})
}

// lookup returns the medium whose key, or one of the keys that it lists, is
// want, with or without the key's parameters.
func lookup(content openapi3.Content, want string) *openapi3.MediaType {
	if media := content[want]; media != nil || want == "" {
		return media
	}
	for _, key := range slices.Sorted(maps.Keys(content)) {
		for entry := range strings.SplitSeq(strings.ToLower(key), ",") {
			if strings.TrimSpace(entry) == want || withoutParameters(entry) == want {
				return content[key]
			}
		}
	}
	return nil
}
