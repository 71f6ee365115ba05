package contract

import (
	"fmt"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// CheckField says what the contract has against a value of a field of the
// operation's form, in words for an error text that has named the field, or
// returns nothing. It allows any value in a field that the contract does not
// have, and in any field of a nil operation.
func (o *Operation) CheckField(name string, value any) (reason string) {
	if o == nil {
		return ""
	}
	field := o.FormFields()[name]
	if field == nil || field.Value.VisitJSON(value, openapi3.DisableSchemaErrorDetails()) == nil {
		return ""
	}
	switch s := field.Value; {
	case len(s.Enum) > 0:
		return "is none of " + strings.Trim(fmt.Sprint(s.Enum), "[]")
	case s.Min != nil && s.Max != nil:
		return fmt.Sprintf("is not between %v and %v", *s.Min, *s.Max)
	}
	return "is not what the contract allows"
}
