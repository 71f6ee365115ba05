package fakeapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/tensorslab/tensorslab-go/internal/contract"
)

// checkParameters returns the first violation in the values of the path, the
// query, the headers and the cookies.
func checkParameters(r *http.Request, op *contract.Operation, pathValues map[string]string) error {
	fault := op.CheckParameters(r, pathValues)
	if fault == nil {
		return nil
	}
	err := explain(fault.Found, fault.Schema)
	switch fault.Found[0].Keyword {
	case contract.KeywordMalformed:
		return errors.New("the query is malformed")
	case contract.KeywordRepeated:
		err = errors.New("it is repeated")
	}
	return fmt.Errorf("the %s parameter %s: %w", fault.In, quote(fault.Name), err)
}

// typed converts text to the JSON value of the schema's type. Text that does
// not fit stays text, for the schema to refuse.
func typed(schema *openapi3.SchemaRef, values []string) any {
	if schema == nil || schema.Value == nil {
		return values[0]
	}
	types := schema.Value.Type
	switch text := values[0]; {
	case types.Is(openapi3.TypeArray):
		list := make([]any, 0, len(values))
		for _, value := range values {
			list = append(list, typed(schema.Value.Items, []string{value}))
		}
		return list
	case types.Is(openapi3.TypeBoolean) && (text == "true" || text == "false"):
		return text == "true"
	case types.Is(openapi3.TypeInteger) || types.Is(openapi3.TypeNumber):
		var number json.Number
		if json.Unmarshal([]byte(text), &number) == nil && number.String() == text {
			return number
		}
	case types.Is(openapi3.TypeObject), types == nil && schema.Value.VisitJSON(text, openapi3.DisableSchemaErrorDetails()) != nil: // sent as JSON
		if body := contract.ReadJSONUpTo([]byte(text), maxValues); body.Err == nil {
			return body.Value
		}
	}
	return values[0]
}
