package contract

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// unchecked returns a line about each part of an operation's requests and responses
// whose schema is not looked at, although the contract gives one.
func (o *Operation) unchecked() (notes []string) {
	place := Pointer("paths", o.Path, strings.ToLower(o.Method))
	for _, p := range o.Parameters {
		if why := uncheckedParameter(p); why != "" {
			notes = append(notes, fmt.Sprintf("%s: the %s parameter %q is not checked before it is sent: %s", place, p.In, p.Name, why))
		}
	}
	if body := o.Spec.RequestBody; body != nil && body.Value != nil {
		for _, key := range slices.Sorted(maps.Keys(body.Value.Content)) {
			if strings.EqualFold(withoutParameters(key), "application/x-www-form-urlencoded") {
				notes = append(notes, fmt.Sprintf("%s: a request body of the type %s is not checked before it is sent", place, key))
			}
		}
	}
	responses := o.Spec.Responses.Map()
	for _, status := range slices.Sorted(maps.Keys(responses)) {
		if !isStatus(status) {
			notes = append(notes, fmt.Sprintf("%s: the response %q is ignored: that is no status", place, status))
		}
		notes = append(notes, o.uncheckedIn(responses[status].Value, place, status)...)
	}
	return notes
}

// uncheckedIn is [Operation.unchecked] for one response.
func (o *Operation) uncheckedIn(response *openapi3.Response, place, status string) (notes []string) {
	for _, name := range slices.Sorted(maps.Keys(response.Headers)) {
		if header := response.Headers[name].Value; header != nil && header.Required {
			notes = append(notes, fmt.Sprintf("%s: the header %q of a response with status %s is required, and is not checked", place, name, status))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(response.Content)) {
		b := o.responses[response.Content[key]]
		if b != nil && b.isEnvelope && !IsJSON(key) && !isText(key) && !strings.HasSuffix(withoutParameters(key), "/*") {
			notes = append(notes, fmt.Sprintf("%s: the code in a response of the type %s with status %s is only read where it is JSON", place, key, status))
		}
	}
	return notes
}

// isStatus reports whether the key of a response is one that a status can have.
func isStatus(key string) bool {
	if key == "default" {
		return true
	}
	return len(key) == 3 && key[0] >= '1' && key[0] <= '5' && (key[1:] == "XX" || strings.Trim(key[1:], "0123456789") == "")
}

// uncheckedParameter says why [Operation.CheckParameters] passes over what a parameter
// holds, or returns nothing.
func uncheckedParameter(p *openapi3.Parameter) string {
	kind := typeOf(p.Schema)
	switch {
	case isReservedHeader(p):
		return "OpenAPI 3.0 has no header parameter of that name"
	case len(p.Content) > 0:
		return "it has a media type of its own"
	case p.Schema == nil || p.Schema.Value == nil:
		return ""
	case kind == openapi3.TypeObject:
		return "it is an object"
	case p.Style == openapi3.SerializationLabel, p.Style == openapi3.SerializationMatrix:
		return "its style is " + p.Style
	case kind == "" && isChoice(p.Schema), kind == openapi3.TypeArray && isChoice(itemsOf(p.Schema)):
		return "it has a choice of types"
	}
	return ""
}

// isChoice reports whether a schema asks for something without giving one type.
func isChoice(ref *openapi3.SchemaRef) bool {
	return ref != nil && ref.Value != nil && typeOf(ref) == "" && !ref.Value.IsEmpty()
}
