package fakeapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/tensorslab/tensorslab-go/internal/contract"
)

// checkParameters returns the first violation in the values of the path, the
// query, the headers and the cookies.
func checkParameters(r *http.Request, op *contract.Operation, pathValues map[string]string) error {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return errors.New("the query is malformed")
	}
	for _, p := range op.Parameters {
		var values []string
		switch p.In {
		case openapi3.ParameterInPath:
			values = []string{pathValues[p.Name]}
		case openapi3.ParameterInQuery:
			values = query[p.Name]
		case openapi3.ParameterInHeader:
			values = r.Header.Values(p.Name)
		case openapi3.ParameterInCookie:
			for _, cookie := range r.CookiesNamed(p.Name) {
				values = append(values, cookie.Value)
			}
		}
		if err := checkParameter(op, p, values); err != nil {
			return fmt.Errorf("the %s parameter %s: %w", p.In, quote(p.Name), err)
		}
	}
	return nil
}

func checkParameter(op *contract.Operation, p *openapi3.Parameter, values []string) error {
	if len(values) == 0 {
		if p.Required {
			return errors.New("it is required")
		}
		return nil
	}
	if p.Schema == nil || p.Schema.Value == nil || p.Schema.Value.Type.Is(openapi3.TypeObject) {
		return nil
	}
	if p.Schema.Value.Type.Is(openapi3.TypeArray) {
		// Only a query repeats the name, unless the contract says otherwise.
		repeats := p.In == openapi3.ParameterInQuery && (p.Explode == nil || *p.Explode)
		if !repeats && len(values) == 1 {
			values = strings.Split(values[0], ",")
		}
	} else if len(values) > 1 {
		return errors.New("it is repeated")
	}
	return explain(op.CheckValue(p.Schema, typed(p.Schema, values)), p.Schema)
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
