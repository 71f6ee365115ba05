package fakeapi

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"

	tensorslab "github.com/tensorslab/tensorslab-go"
)

// contract is what the server needs of an OpenAPI document.
type contract struct {
	routes []*route        // in the order in which they are tried
	secret map[string]bool // headers that carry credentials, canonical names
}

// operation is one method of one path.
type operation struct {
	id           string
	spec         *openapi3.Operation
	parameters   []*openapi3.Parameter
	alternatives [][]string // the headers of each security requirement; any one set will do
}

// published is the contract of this module; it is loaded when a server first
// needs it, and once.
var published = sync.OnceValues(func() (*contract, error) { return loadContract(tensorslab.Spec()) })

func contractOf(doc []byte) (*contract, error) {
	if doc == nil {
		return published()
	}
	return loadContract(doc)
}

func loadContract(doc []byte) (*contract, error) {
	loader := openapi3.NewLoader()
	loader.IncludeOrigin = true // tells which example comes first
	spec, err := loader.LoadFromData(doc)
	if err != nil {
		return nil, fmt.Errorf("the contract is not an OpenAPI document: %s", firstLine(err))
	}
	if !strings.HasPrefix(spec.OpenAPI, "3.0.") {
		return nil, fmt.Errorf("the contract is of OpenAPI version %q; only 3.0 can be checked", spec.OpenAPI)
	}
	// An example may break its own schema and still be a useful answer: the
	// service's date-times, for one, are not of RFC 3339.
	if err := spec.Validate(context.Background(), openapi3.DisableExamplesValidation()); err != nil {
		return nil, fmt.Errorf("the contract is not valid: %s", firstLine(err))
	}
	c := &contract{secret: map[string]bool{"Authorization": true, "Proxy-Authorization": true}}
	for _, template := range spec.Paths.InMatchingOrder() {
		r, err := c.newRoute(spec, template)
		if err != nil {
			return nil, fmt.Errorf("the contract's path %s: %w", template, err)
		}
		c.routes = append(c.routes, r)
	}
	return c, nil
}

// firstLine leaves out the schema and the value that the library prints below.
func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

func (c *contract) newRoute(spec *openapi3.T, template string) (*route, error) {
	r := compileTemplate(template)
	item := spec.Paths.Value(template)
	for method, op := range item.Operations() {
		alternatives, err := alternativesOf(spec, op)
		if err != nil {
			return nil, err
		}
		for _, headers := range alternatives {
			for _, name := range headers {
				c.secret[name] = true
			}
		}
		r.operations[method] = &operation{id: op.OperationID, spec: op,
			parameters: parametersOf(item, op), alternatives: alternatives}
	}
	r.allow = strings.Join(slices.Sorted(maps.Keys(r.operations)), ", ")
	return r, nil
}

// alternativesOf returns the sets of headers of which one has to be sent, or
// none if the operation can be called without a credential.
func alternativesOf(spec *openapi3.T, op *openapi3.Operation) ([][]string, error) {
	requirements := spec.Security
	if op.Security != nil {
		requirements = *op.Security
	}
	var alternatives [][]string
	for _, requirement := range requirements {
		if len(requirement) == 0 {
			return nil, nil
		}
		var headers []string
		for _, name := range slices.Sorted(maps.Keys(requirement)) {
			header, err := headerOf(spec, name)
			if err != nil {
				return nil, err
			}
			headers = append(headers, header)
		}
		alternatives = append(alternatives, headers)
	}
	return alternatives, nil
}

// headerOf returns the header in which a security scheme carries its
// credential.
func headerOf(spec *openapi3.T, name string) (string, error) {
	scheme := spec.Components.SecuritySchemes[name].Value // a valid document declares it
	switch {
	case scheme.Type != "apiKey":
		return "Authorization", nil
	case scheme.In != openapi3.ParameterInHeader:
		return "", errors.New("security scheme " + name + " is not in a header; no other place is supported")
	}
	return http.CanonicalHeaderKey(scheme.Name), nil
}

// parametersOf returns the operation's parameters and those of its path that
// it does not override.
func parametersOf(item *openapi3.PathItem, op *openapi3.Operation) []*openapi3.Parameter {
	var list []*openapi3.Parameter
	for _, ref := range op.Parameters {
		list = append(list, ref.Value)
	}
	for _, ref := range item.Parameters {
		if op.Parameters.GetByInAndName(ref.Value.In, ref.Value.Name) == nil {
			list = append(list, ref.Value)
		}
	}
	return list
}
