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
	body         *bodySchema         // of media; nil if it has none
	isJSON       bool                // the body is judged as JSON
	isDocumented bool                // the Content-Type is the contract's
}

// expects returns what the contract says of a response with a documented status. One
// without a documented Content-Type is judged as JSON if the contract has that. What
// is not JSON does not have a schema of objects by a key such as */*: that may
// be a page of a gateway. By a key of its own, a text has such a schema only if the service
// sends JSON under that name.
func (o *Operation) expects(documented *openapi3.Response, contentType string) expected {
	media, isRange := mediaOf(documented.Content, contentType)
	e := expected{media, o.responses[media], true, true}
	switch {
	case media != nil && (IsJSON(contentType) || !isRange && isText(contentType) && e.body != nil && e.body.isObject):
		return e
	case media != nil && !(isRange && isStructured(media.Schema)):
		e.isJSON = false
		return e
	case media == nil:
		media = jsonOf(documented.Content)
	}
	return expected{media, o.responses[media], media != nil, false}
}

// judges reports whether a body is judged by the schema of e: as JSON, or, under
// another documented media type, as the envelope that it is.
func (e expected) judges(body *Body) bool {
	_, isObject := body.Object()
	return e.isJSON || e.isDocumented && isObject && e.body != nil && e.body.isEnvelope
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
	e := o.expects(documented, contentTypeOf(resp))
	if !e.isDocumented {
		found = append(found, Violation{"", KeywordMediaType})
	}
	switch {
	case e.isDocumented && !e.judges(body):
		return nil, true
	case !e.judges(body) || body.Err != nil:
		return append(found, Violation{"", KeywordJSON}), false
	case !schema:
		return nil, true
	}
	found = append(found, e.body.check(body)...)
	return found[:min(len(found), MaxViolations)], true
}

// RespondsJSON reports whether the body of resp is judged as JSON, be it for lack
// of a documented Content-Type.
func (o *Operation) RespondsJSON(resp *http.Response) bool {
	documented := o.response(resp.StatusCode)
	return documented != nil && o.Method != http.MethodHead && o.expects(documented, contentTypeOf(resp)).isJSON
}

// SpellJSON gives a response the Content-Type by which a generated client decodes
// it as what it was judged as. Where the contract has one JSON media type, such a client
// decodes what has the letters json in it, in lower case; where it has several,
// it looks for the very text of one of them. JSON that is called a text is decoded if
// the contract has a JSON media type with the same schema.
func (o *Operation) SpellJSON(resp *http.Response) {
	documented := o.response(resp.StatusCode)
	if documented == nil || o.Method == http.MethodHead {
		return
	}
	first := resp.Header.Get("Content-Type") // which is all that such a client looks at
	saysJSON := strings.Contains(first, "json")
	e := o.expects(documented, contentTypeOf(resp))
	keys := jsonKeys(documented.Content)
	i := slices.IndexFunc(keys, func(key string) bool { return e.isOf(documented.Content[key]) })
	isText := e.isDocumented && isText(first)
	switch {
	case e.isJSON && len(keys) > 1 && i >= 0:
		setContentType(resp, keys[i])
	case e.isJSON && !saysJSON && len(keys) < 2 && (i >= 0 || !isText):
		setContentType(resp, "application/json")
	case !e.isJSON && saysJSON && len(keys) > 0:
		setContentType(resp, strings.ToUpper(first)) // the same one, such as APPLICATION/X-NDJSON
	}
}

// isOf reports whether a response was judged by a media type, or by its schema.
func (e expected) isOf(media *openapi3.MediaType) bool {
	if e.media == nil || media == nil || e.media == media {
		return e.media == media
	}
	return e.media.Schema != nil && media.Schema != nil && e.media.Schema.Value == media.Schema.Value
}

// jsonKeys returns the keys of JSON media types, in order.
func jsonKeys(content openapi3.Content) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(content)), func(key string) bool { return !IsJSON(key) })
}

func setContentType(resp *http.Response, contentType string) {
	if resp.Header == nil {
		resp.Header = http.Header{}
	}
	resp.Header.Set("Content-Type", contentType)
}
