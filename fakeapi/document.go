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

// document is a contract, and the headers that carry its credentials.
type document struct {
	*contract.Document
	secret map[string]bool // canonical names of headers
	// alternatives has, for each operation, the headers of each security
	// requirement, one set of which has to be sent.
	alternatives map[*contract.Operation][][]string
}

// published is the contract of this module. It is read when a server first
// needs it, and once.
var published = sync.OnceValues(func() (*document, error) { return readDocument(vendored.Images.Spec()) })

func documentOf(text []byte) (*document, error) {
	if text == nil {
		return published()
	}
	return readDocument(text)
}

func readDocument(text []byte) (*document, error) {
	parsed, err := contract.ParseWithOrigins(text) // they tell which example is first
	if err != nil {
		return nil, err
	}
	d := &document{
		Document:     parsed,
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
