package contract

import (
	"math"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// Limits are what a contract asks of one property of an operation's JSON body beyond
// its type. They are read once, so that a check of a property without limits costs
// nothing. The zero value has no limits.
type Limits struct {
	// MaxItems is how many items a list may have; 0 stands for no limit.
	MaxItems int

	text *bodySchema // of a text, or of each item of a list; nil if any text will do
}

// LimitsOf returns the limits of a property of the operation's JSON body, which is a
// text or a list of texts. A nil operation has none.
func (o *Operation) LimitsOf(property string) Limits {
	if o == nil {
		return Limits{}
	}
	return o.limits[property]
}

// HasLimits reports whether the contract asks more of the operation's JSON body than
// that its properties are of their types, and there if they are required: a body that
// was made from a generated struct can't violate anything else.
func (o *Operation) HasLimits() bool { return o.hasLimits }

func (o *Operation) noteLimits() {
	media := o.RequestMedia("application/json")
	if media == nil || media.Schema == nil || media.Schema.Value == nil {
		return
	}
	o.hasLimits = isLimitedBelow(media.Schema, map[*openapi3.Schema]bool{})
	o.limits = map[string]Limits{}
	for _, part := range composed(media.Schema.Value, nil, false) {
		for name, property := range part.Properties {
			if property.Value != nil {
				o.limits[name] = o.limits[name].and(property)
			}
		}
	}
}

// and adds the limits of another schema of the same property.
func (l Limits) and(property *openapi3.SchemaRef) Limits {
	text := property
	for _, part := range composed(property.Value, nil, false) {
		if most := part.MaxItems; most != nil && (l.MaxItems == 0 || *most < uint64(l.MaxItems)) { //nolint:gosec // it is positive
			l.MaxItems = int(min(*most, math.MaxInt32)) //nolint:gosec // it fits
		}
		if part.Items != nil {
			text = part.Items
		}
	}
	if text.Value != nil && isLimited(text.Value) {
		l.text = newSchemaSet(false).body(text, openapi3.VisitAsRequest())
	}
	return l
}

// CheckText says what is wrong with a text, in words that complete "the id", or
// returns nothing: what [CheckText] finds, or what the contract does not allow.
func (l Limits) CheckText(s string) (reason string) {
	if reason := CheckText(s); reason != "" || l.text == nil {
		return reason
	}
	if found := l.text.violations(s, len(s), false); len(found) > 0 {
		return "violates the contract (" + found[0].Keyword + ")"
	}
	return ""
}

// isLimitedBelow reports whether a schema, or one of those in it, is limited.
func isLimitedBelow(ref *openapi3.SchemaRef, seen map[*openapi3.Schema]bool) bool {
	if ref == nil || ref.Value == nil || seen[ref.Value] {
		return false
	}
	seen[ref.Value] = true
	if isLimited(ref.Value) {
		return true
	}
	for _, part := range composed(ref.Value, nil, false) {
		for _, property := range part.Properties {
			if isLimitedBelow(property, seen) {
				return true
			}
		}
		if isLimitedBelow(part.Items, seen) || isLimitedBelow(part.AdditionalProperties.Schema, seen) {
			return true
		}
	}
	return false
}

// isLimited reports whether a schema, with what allOf adds to it, asks more of a value
// than its type.
func isLimited(schema *openapi3.Schema) bool {
	for _, s := range composed(schema, nil, false) {
		switch {
		case len(s.OneOf) > 0, len(s.AnyOf) > 0, s.Not != nil, len(s.Enum) > 0, s.UniqueItems, s.Pattern != "",
			s.MinLength > 0, s.MaxLength != nil, s.MinItems > 0, s.MaxItems != nil, s.MinProps > 0, s.MaxProps != nil,
			s.Min != nil, s.Max != nil, s.MultipleOf != nil, s.Format != "" && !strings.HasPrefix(s.Format, "int") && s.Format != "date-time",
			s.AdditionalProperties.Has != nil && !*s.AdditionalProperties.Has, s.ReadOnly:
			return true
		}
	}
	return false
}
