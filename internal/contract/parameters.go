package contract

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// Keywords of a parameter that is sent in a wrong way.
const (
	KeywordRequired  = "required"  // it is missing
	KeywordRepeated  = "repeated"  // it is sent several times and is not a list
	KeywordMalformed = "malformed" // the query can't be read
)

// ParameterFault is a parameter of a request that violates the contract.
type ParameterFault struct {
	In   string // "path", "query", "header" or "cookie"
	Name string // empty for the query as a whole
	// Found is what violates the schema, or one violation of the keywords above.
	Found []Violation
	// Schema is that of the parameter; it may be nil.
	Schema *openapi3.SchemaRef
}

// Place names the parameter for an error text, such as `the query parameter "page"`.
func (f *ParameterFault) Place() string {
	if f.Name == "" {
		return "the " + f.In
	}
	return fmt.Sprintf("the %s parameter %q", f.In, f.Name)
}

// CheckParameters returns the first parameter that violates the contract, or nil.
// The values of the path's parameters are those of [Document.Find]. Parameters that
// can't be told from others by their name, such as objects in the query, and those
// whose schema does not say which type the text is of, are not checked.
func (o *Operation) CheckParameters(r *http.Request, path map[string]string) *ParameterFault {
	if len(o.Parameters) == 0 {
		return nil
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return &ParameterFault{In: openapi3.ParameterInQuery, Found: []Violation{{"", KeywordMalformed}}}
	}
	for _, p := range o.Parameters {
		var values []string
		switch p.In {
		case openapi3.ParameterInPath:
			values = []string{path[p.Name]}
		case openapi3.ParameterInQuery:
			values = query[p.Name]
		case openapi3.ParameterInHeader:
			values = r.Header.Values(p.Name)
		case openapi3.ParameterInCookie:
			for _, cookie := range r.CookiesNamed(p.Name) {
				values = append(values, cookie.Value)
			}
		}
		if found := o.checkParameter(p, values); len(found) > 0 {
			return &ParameterFault{p.In, p.Name, found, p.Schema}
		}
	}
	return nil
}

func (o *Operation) checkParameter(p *openapi3.Parameter, values []string) []Violation {
	kind := typeOf(p.Schema)
	switch {
	case kind == openapi3.TypeObject, isReservedHeader(p):
		return nil
	case len(values) == 0 && p.Required:
		return []Violation{{"", KeywordRequired}}
	case len(values) == 0, kind == "":
		return nil
	case kind == openapi3.TypeArray:
		if values = split(p, values); values == nil {
			return nil
		}
	case p.Style == openapi3.SerializationLabel, p.Style == openapi3.SerializationMatrix:
		return nil
	case len(values) > 1:
		return []Violation{{"", KeywordRepeated}}
	}
	value, ok := typed(p.Schema, values)
	if !ok {
		return nil
	}
	return o.CheckValue(p.Schema, value)
}

// isReservedHeader reports whether a parameter has the name of a header that is not
// one by OpenAPI 3.0.3, "Parameter Object".
func isReservedHeader(p *openapi3.Parameter) bool {
	name := http.CanonicalHeaderKey(p.Name)
	return p.In == openapi3.ParameterInHeader && (name == "Accept" || name == "Content-Type" || name == authorization)
}

// split returns the items of a list, or nil where the way in which they are joined
// is none that is read here.
func split(p *openapi3.Parameter, values []string) []string {
	repeats := p.In == openapi3.ParameterInQuery && (p.Explode == nil || *p.Explode)
	separators := map[string]string{"": ",", openapi3.SerializationForm: ",", openapi3.SerializationSimple: ",",
		openapi3.SerializationSpaceDelimited: " ", openapi3.SerializationPipeDelimited: "|"}
	separator, known := separators[p.Style]
	switch {
	case !known:
		return nil
	case repeats || len(values) > 1:
		return values
	}
	return strings.Split(values[0], separator)
}

// typeOf returns the type that a schema gives a value, or nothing if it gives none
// or leaves a choice.
func typeOf(ref *openapi3.SchemaRef) string {
	if ref == nil || ref.Value == nil {
		return ""
	}
	kind := ""
	for _, part := range composed(ref.Value, nil, false) {
		if len(part.OneOf) > 0 || len(part.AnyOf) > 0 {
			return ""
		}
		if kinds := part.Type.Slice(); len(kinds) == 1 {
			kind = kinds[0]
		}
	}
	return kind
}

// typed converts text to the JSON value of the schema's type. Text that does not
// fit stays text, for the schema to refuse. ok is false if the schema does not say
// which type the items of a list are of.
func typed(schema *openapi3.SchemaRef, values []string) (value any, ok bool) {
	switch kind, text := typeOf(schema), values[0]; kind {
	case openapi3.TypeArray:
		list := make([]any, len(values))
		for i := range values {
			if list[i], ok = typed(itemsOf(schema), values[i:i+1]); !ok {
				return nil, false
			}
		}
		return list, true
	case openapi3.TypeBoolean:
		if text == "true" || text == "false" {
			return text == "true", true
		}
		return text, true
	case openapi3.TypeInteger, openapi3.TypeNumber:
		var number json.Number
		if json.Unmarshal([]byte(text), &number) == nil && number.String() == text {
			return number, true
		}
		return text, true
	default:
		return text, kind == openapi3.TypeString
	}
}

func itemsOf(schema *openapi3.SchemaRef) *openapi3.SchemaRef {
	for _, part := range composed(schema.Value, nil, false) {
		if part.Items != nil {
			return part.Items
		}
	}
	return nil
}
