package fakeapi

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/tensorslab/tensorslab-go/internal/contract"
	"github.com/tensorslab/tensorslab-go/internal/vendored"
)

// document is one service's contract, what its operations do, and the headers that
// carry its credentials.
type document struct {
	*contract.Document
	handlers map[string]handler // by operationId
	secret   map[string]bool    // canonical names of headers, and names in the query; see queryMark
	// alternatives has, for each operation, the names of each security
	// requirement, one set of which has to be sent.
	alternatives map[*contract.Operation][][]string
}

// published are the contracts of this module. They are read when a server first
// needs them, and once.
var published = sync.OnceValues(func() (documents, error) {
	var all documents
	for _, source := range vendored.Services {
		d, err := readDocument(source.Spec(), handlersOf[source])
		if err != nil {
			return nil, err
		}
		all = append(all, d)
	}
	return all, nil
})

// documentsOf returns the published contracts, or the one in text in their place.
func documentsOf(text []byte) (documents, error) {
	if text == nil {
		return published()
	}
	d, err := readDocument(text, handlers)
	return documents{d}, err
}

func readDocument(text []byte, handlers map[string]handler) (*document, error) {
	parsed, err := contract.ParseWithOrigins(text) // they tell which example is first
	if err != nil {
		return nil, err
	}
	d := &document{
		Document:     parsed,
		handlers:     handlers,
		secret:       map[string]bool{"Authorization": true, "Proxy-Authorization": true},
		alternatives: make(map[*contract.Operation][][]string),
	}
	for _, op := range parsed.Operations() {
		alternatives, err := alternativesOf(parsed.Spec, op.Spec)
		if err != nil {
			return nil, fmt.Errorf("the contract's path %s: %w", op.Path, err)
		}
		d.alternatives[op] = alternatives
		for _, name := range slices.Concat(alternatives...) {
			d.secret[name] = true
		}
	}
	return d, nil
}

// alternativesOf returns the sets of headers and parameters of which one has to be sent, or
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
		var carriers []string
		for _, name := range slices.Sorted(maps.Keys(requirement)) {
			carrier, err := carrierOf(spec, name)
			if err != nil {
				return nil, err
			}
			carriers = append(carriers, carrier)
		}
		alternatives = append(alternatives, carriers)
	}
	return alternatives, nil
}

// carrierOf returns the header or the parameter in which a security scheme carries
// its credential.
func carrierOf(spec *openapi3.T, name string) (string, error) {
	scheme := spec.Components.SecuritySchemes[name].Value // a valid document declares it
	switch {
	case scheme.Type != "apiKey":
		return "Authorization", nil
	case scheme.In == openapi3.ParameterInQuery:
		return queryMark + scheme.Name, nil
	case scheme.In != openapi3.ParameterInHeader:
		return "", errors.New("security scheme " + name + " is neither in a header nor in the query; no other place is supported")
	}
	return http.CanonicalHeaderKey(scheme.Name), nil
}
