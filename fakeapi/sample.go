package fakeapi

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/tensorslab/tensorslab-go/internal/contract"
)

// sample returns a response of an operation that this package does not know.
func sample(op *contract.Operation) response {
	status, documented := success(op.Spec.Responses)
	if documented == nil {
		return errorResponse(http.StatusNotImplemented, "the contract has no success response for this operation")
	}
	if len(documented.Content) == 0 {
		return response{status: status}
	}
	for _, name := range slices.Sorted(maps.Keys(documented.Content)) {
		if !contract.IsJSON(name) {
			continue
		}
		media := documented.Content[name]
		if example, ok := firstExample(media); ok {
			return jsonResponse(status, example)
		}
		if value, ok := synthesise(media.Schema); ok {
			return jsonResponse(status, value)
		}
	}
	return errorResponse(http.StatusNotImplemented, "the contract has no JSON example for this operation, and none can be made from its schema")
}

// success returns the lowest 2xx response, or else the default one.
func success(responses *openapi3.Responses) (int, *openapi3.Response) {
	for _, key := range responses.Keys() {
		if !strings.HasPrefix(key, "2") {
			continue
		}
		status, err := strconv.Atoi(key)
		if err != nil { // 2XX
			status = http.StatusOK
		}
		return status, responses.Value(key).Value
	}
	if fallback := responses.Default(); fallback != nil {
		return http.StatusOK, fallback.Value
	}
	return 0, nil
}

// firstExample returns the example that is the first one in the document.
func firstExample(media *openapi3.MediaType) (any, bool) {
	if media.Example != nil {
		return media.Example, true
	}
	var refs []*openapi3.ExampleRef
	for _, ref := range media.Examples {
		if ref.Value != nil && ref.Value.Value != nil {
			refs = append(refs, ref)
		}
	}
	if len(refs) == 0 {
		return nil, false
	}
	return slices.MinFunc(refs, func(a, b *openapi3.ExampleRef) int {
		x, y := a.Origin.Key, b.Origin.Key
		return cmp.Or(cmp.Compare(x.Line, y.Line), cmp.Compare(x.Column, y.Column))
	}).Value.Value, true
}
