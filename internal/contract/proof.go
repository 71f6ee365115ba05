package contract

import (
	"encoding/json"
	"maps"
	"math"
	"net/http"
	"reflect"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// This chapter is the short way to a valid response: [Operation.Proves] reads a
// body once, allocates nothing, and says yes or nothing. Where it says nothing it
// is in doubt, which is no verdict: the long way of [ReadJSON], [Body.Envelope] and
// [Operation.CheckResponse] then decides, and only that way refuses a response.
// So a doubt costs time, and a yes that the long way would not say is a bug, for
// which TestProofAgrees searches.
//
// A schema is compiled when its operation is prepared, and not at all if it, or one
// that it leads to, has a keyword other than those in isUnderstood. A format that a
// program registers with kin-openapi after that does not reach proven bodies.

// provable is what a schema says of a value, with all that allOf adds to it. Where
// there is none, nil stands for any value.
type provable struct {
	kinds      kind
	digits     int      // of an integer at most
	literals   []string // the values of an enum, as JSON; nil for no enum
	properties []provableProperty
	required   uint64    // a bit for each property that is, by its index
	items      *provable // of an array
	weight     int64     // what one visit takes from the steps of a walk
	isEnvelope bool      // then code has to be there, and the right one
}

type provableProperty struct {
	name     string
	optional bool // null counts as missing; see [Operation.CheckResponse]
	value    *provable
}

// at returns the index of a property, or -1. To hash a name would take longer than to
// look through so few.
func (n *provable) at(name []byte) int {
	for i := range n.properties {
		if n.properties[i].name == string(name) {
			return i
		}
	}
	return -1
}

// kind is a set of JSON types, in the order of narrow. A number without a fraction is
// of two kinds.
type kind uint8

const (
	kindBoolean kind = 1 << iota
	kindInteger
	kindNumber
	kindString
	kindArray
	kindObject
	kindNull
	anyKind = kindNull<<1 - 1
)

// Proves reports whether the long way would find a valid response, with this code
// in its envelope if it has one. False means that nobody has looked closely yet.
func (o *Operation) Proves(resp *http.Response, body []byte, code int) bool {
	n := o.proofs[responseKey{resp.StatusCode, contentTypeOf(resp)}]
	return n != nil && n.proves(body, code)
}

type responseKey struct {
	status      int
	contentType string
}

// compileProofs prepares for the usual responses. Others are always in doubt.
func (o *Operation) compileProofs() {
	o.proofs = map[responseKey]*provable{}
	compiled := map[*bodySchema]*provable{}
	for _, status := range []int{http.StatusOK, http.StatusCreated, http.StatusAccepted} {
		documented := o.response(status)
		if documented == nil || o.Method == http.MethodHead {
			continue
		}
		for _, contentType := range []string{"application/json", "application/json; charset=utf-8", "application/json;charset=UTF-8"} {
			e := o.expects(documented, contentType)
			if !e.isDocumented || !e.isJSON {
				continue
			}
			b := e.body
			if b != nil && compiled[b] == nil {
				compiled[b] = compileProof(b.schema, b.isEnvelope)
			}
			o.proofs[responseKey{status, contentType}] = compiled[b]
		}
	}
}

// compileProof returns nil if the schema says something that is not understood.
func compileProof(schema *openapi3.Schema, isEnvelope bool) *provable {
	c := proofCompiler{compiled: map[*openapi3.Schema]*provable{}}
	root := c.compile(schema)
	if c.failed {
		return nil
	}
	if root.isEnvelope = isEnvelope; isEnvelope {
		root.required |= 1 << root.at([]byte("code"))
	}
	return root
}

type proofCompiler struct {
	compiled map[*openapi3.Schema]*provable // so that recursive ones end
	failed   bool
}

func (c *proofCompiler) compile(schema *openapi3.Schema) *provable {
	if n := c.compiled[schema]; n != nil {
		return n
	}
	parts := composed(schema, nil, false)
	n := &provable{kinds: anyKind, digits: maxDigits, weight: int64(len(parts))}
	c.compiled[schema] = n
	for _, part := range parts {
		ok := n.narrow(part) && (part.Items == nil || n.items == nil)
		for _, name := range slices.Sorted(maps.Keys(part.Properties)) {
			ok = ok && n.at([]byte(name)) < 0 && len(name) <= maxProvenName
			n.properties = append(n.properties, provableProperty{name, true, c.compile(part.Properties[name].Value)})
		}
		if part.Items != nil {
			n.items = c.compile(part.Items.Value)
		}
		c.failed = c.failed || !ok || len(n.properties) > maxProperties
	}
	for _, part := range parts {
		for _, name := range part.Required {
			i := n.at([]byte(name))
			if c.failed = c.failed || i < 0; !c.failed { // else it has no schema
				n.properties[i].optional = false
				n.required |= 1 << i
			}
		}
	}
	return n
}

// narrow adds what one schema says of the value itself, and reports whether that,
// its items and its properties are all that it says.
func (n *provable) narrow(schema *openapi3.Schema) bool {
	for i, name := range []string{"boolean", "integer", "number", "string", "array", "object"} {
		if !schema.Type.Permits(name) {
			n.kinds &^= 1 << i
		}
	}
	if !schema.PermitsNull() {
		n.kinds &^= kindNull
	}
	n.digits = min(n.digits, int(float64(integerBits(schema.Format)-1)*math.Log10(2)))
	understood := isUnderstood(*schema) && !isCheckedFormat(schema.Format) && (len(schema.Enum) == 0 || n.literals == nil)
	for _, value := range schema.Enum {
		literal, err := json.Marshal(value)
		n.literals = append(n.literals, string(literal))
		understood = understood && err == nil
	}
	return understood
}

// isUnderstood takes out what is compiled, and what says nothing of a response.
// Whatever else a schema has, now or in a later version of kin-openapi, remains.
func isUnderstood(s openapi3.Schema) bool {
	s.AllOf, s.Type, s.Nullable, s.Format, s.Enum, s.Items, s.Required, s.Properties = nil, nil, false, "", nil, nil, nil, nil
	s.Extensions, s.Origin, s.Title, s.Description, s.Comment, s.ExternalDocs, s.XML = nil, nil, "", "", "", nil, nil
	s.Default, s.Example, s.Examples, s.Deprecated, s.ReadOnly = nil, nil, nil, false, false
	if has := s.AdditionalProperties.Has; has != nil && *has {
		s.AdditionalProperties.Has = nil
	}
	return reflect.ValueOf(s).IsZero()
}

// isCheckedFormat reports whether the validator looks at a format in another way
// than the reader does. It is told to let any date-time pass.
func isCheckedFormat(format string) bool {
	_, ofString := openapi3.SchemaStringFormats[format]
	_, ofNumber := openapi3.SchemaNumberFormats[format]
	ofInteger := openapi3.SchemaIntegerFormats[format]
	least := int64(-1) << (integerBits(format) - 1)
	return ofString && format != "date-time" || ofNumber || ofInteger != nil && ofInteger != openapi3.NewRangeFormatValidator(least, ^least)
}
