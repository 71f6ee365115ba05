package contract

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// response returns what the document has for a status, or nil.
func (o *Operation) response(status int) *openapi3.Response {
	ref := o.Spec.Responses.Status(status)
	if ref == nil {
		ref = o.Spec.Responses.Default()
	}
	if ref == nil {
		return nil
	}
	return ref.Value
}

// Documents reports whether the contract has a response for this status, be it
// by a range or a default.
func (o *Operation) Documents(status int) bool { return o.response(status) != nil }

// expected is what the contract says of a response that came.
type expected struct {
	media        *openapi3.MediaType // nil if it has none to judge the response by
	isJSON       bool                // the body is judged as JSON
	isDocumented bool                // the Content-Type is the contract's
}

// expects returns what the contract says of a response with a documented status. One
// without a documented Content-Type is judged as JSON if the contract has that. What
// is not JSON does not have a schema of objects by a key such as */*: that may
// be a page of a gateway.
func expects(documented *openapi3.Response, contentType string) expected {
	media, isRange := mediaOf(documented.Content, contentType)
	switch {
	case media != nil && IsJSON(contentType):
		return expected{media, true, true}
	case media != nil && !(isRange && isStructured(media.Schema)):
		return expected{media, false, true}
	case media == nil:
		media = jsonOf(documented.Content)
	}
	return expected{media, media != nil, false}
}

// CheckResponse lists what violates the contract in the status and Content-Type of
// resp and in its body, which was read. If schema is false it looks no further than
// whether the body can be decoded. A response that is not decodable leaves the
// caller nothing to read: its status is not documented, or its body is not JSON
// although the contract has nothing else.
//
// A property of a response that is null counts as missing, where the schema
// allows that it is missing and not that it is null: many servers write null for
// what they leave out, and a struct reads both alike.
func (o *Operation) CheckResponse(resp *http.Response, body *Body, schema bool) (found []Violation, decodable bool) {
	documented := o.response(resp.StatusCode)
	if documented == nil {
		return []Violation{{"", KeywordStatus}}, false
	}
	if len(documented.Content) == 0 || o.Method == http.MethodHead {
		return nil, true
	}
	e := expects(documented, contentTypeOf(resp))
	if !e.isDocumented {
		found = append(found, Violation{"", KeywordMediaType})
	}
	switch {
	case e.isDocumented && !e.isJSON:
		return nil, true
	case !e.isJSON || body.Err != nil:
		return append(found, Violation{"", KeywordJSON}), false
	case !schema:
		return nil, true
	}
	found = append(found, o.responses[e.media].check(body)...)
	return found[:min(len(found), MaxViolations)], true
}

// RespondsJSON reports whether the body of resp is judged as JSON, be it for lack
// of a documented Content-Type.
func (o *Operation) RespondsJSON(resp *http.Response) bool {
	documented := o.response(resp.StatusCode)
	return documented != nil && o.Method != http.MethodHead && expects(documented, contentTypeOf(resp)).isJSON
}

// SpellJSON gives a response the Content-Type by which a generated client decodes
// it as what it was judged as. Where the contract has one JSON media type, such a client
// decodes what has the letters json in it, in lower case; where it has several,
// it looks for the very text of one of them.
func (o *Operation) SpellJSON(resp *http.Response) {
	documented := o.response(resp.StatusCode)
	if documented == nil {
		return
	}
	keys := slices.Sorted(maps.Keys(documented.Content))
	keys = slices.DeleteFunc(keys, func(key string) bool { return !IsJSON(key) })
	first := resp.Header.Get("Content-Type") // which is all that such a client looks at
	saysJSON := strings.Contains(first, "json")
	switch isJSON := o.RespondsJSON(resp); {
	case isJSON && len(keys) > 1:
		media := expects(documented, contentTypeOf(resp)).media
		if i := slices.IndexFunc(keys, func(key string) bool { return documented.Content[key] == media }); i >= 0 {
			setContentType(resp, keys[i])
		}
	case isJSON && !saysJSON:
		setContentType(resp, "application/json")
	case !isJSON && saysJSON && len(keys) > 0:
		setContentType(resp, strings.ToUpper(first)) // the same one, such as APPLICATION/X-NDJSON
	}
}

func setContentType(resp *http.Response, contentType string) {
	if resp.Header == nil {
		resp.Header = http.Header{}
	}
	resp.Header.Set("Content-Type", contentType)
}
