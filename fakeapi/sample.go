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
		if made, ok := sampleAs(op, status, name, documented.Content[name]); ok {
			return made
		}
	}
	return errorResponse(http.StatusNotImplemented, "the contract has no JSON example for this operation, and none can be made from its schema")
}

// sampleAs returns a response of one media type of the contract, if that is JSON. The
// first example that satisfies its schema is sent: the contract's own may not.
func sampleAs(op *contract.Operation, status int, name string, media *openapi3.MediaType) (response, bool) {
	contentType := name
	if name == "*/*" || name == "application/*" {
		contentType = jsonType
	}
	if !contract.IsJSON(contentType) || media == nil {
		return response{}, false
	}
	for _, example := range examplesOf(media) {
		if made := jsonResponse(status, example).as(contentType); conforms(op, made) {
			return made, true
		}
	}
	if value, ok := synthesise(media.Schema); ok {
		return jsonResponse(status, value).as(contentType), true
	}
	return response{}, false
}

// conforms reports whether the client would accept a response.
func conforms(op *contract.Operation, made response) bool {
	resp := &http.Response{StatusCode: made.status, Header: http.Header{"Content-Type": {made.contentType}}}
	found, _ := op.CheckResponse(resp, contract.ReadJSON(made.body), true)
	return len(found) == 0
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

// examplesOf returns the examples in their order in the document.
func examplesOf(media *openapi3.MediaType) []any {
	if media.Example != nil {
		return []any{media.Example}
	}
	refs := slices.DeleteFunc(slices.Collect(maps.Values(media.Examples)), func(ref *openapi3.ExampleRef) bool {
		return ref.Value == nil || ref.Value.Value == nil
	})
	slices.SortFunc(refs, func(a, b *openapi3.ExampleRef) int {
		x, y := a.Origin.Key, b.Origin.Key
		return cmp.Or(cmp.Compare(x.Line, y.Line), cmp.Compare(x.Column, y.Column))
	})
	var values []any
	for _, ref := range refs {
		values = append(values, ref.Value.Value)
	}
	return values
}
