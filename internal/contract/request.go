package contract

import (
	"io"
	"net/http"

	"github.com/getkin/kin-openapi/openapi3"
)

// TakesMedia reports whether the contract has a request body with the Content-Type of
// req. It does not look at a request that names none, or that has no body, nor where the
// contract lists none.
func (o *Operation) TakesMedia(req *http.Request) bool {
	content, contentType := o.requestContent(), req.Header.Get("Content-Type")
	if req.Body == nil || req.Body == http.NoBody || len(content) == 0 || contentType == "" {
		return true
	}
	return content[contentType] != nil || mediaFor(content, contentType) != nil
}

// CheckHTTPRequest returns what first violates the contract in the body of a
// request, or nil. A body that is not JSON, or that can't be read twice for want of
// GetBody, is not checked. The error is that of reading the body.
func (o *Operation) CheckHTTPRequest(req *http.Request) (*Violation, error) {
	contentType := req.Header.Get("Content-Type")
	if req.GetBody == nil || !IsJSON(contentType) {
		return nil, nil
	}
	body, err := req.GetBody()
	if err != nil {
		return nil, err
	}
	defer body.Close()
	data, err := io.ReadAll(body)
	if err != nil {
		return nil, err
	}
	if found := o.CheckRequest(contentType, data); len(found) > 0 {
		return &found[0], nil
	}
	return nil, nil
}

// CheckRequest lists what violates the contract in a request body. It returns
// nil for a body that is not JSON by its Content-Type, and where the contract
// has no JSON body.
func (o *Operation) CheckRequest(contentType string, body []byte) []Violation {
	if o.jsonRequest(contentType) == nil {
		return nil
	}
	return o.CheckRequestBody(contentType, ReadJSON(body))
}

// CheckRequestBody is [Operation.CheckRequest] for a body that was read.
func (o *Operation) CheckRequestBody(contentType string, body *Body) []Violation {
	media := o.jsonRequest(contentType)
	if media == nil {
		return nil
	}
	if body.Err != nil {
		return []Violation{{"", KeywordJSON}}
	}
	var schema *bodySchema
	if media.Schema != nil {
		schema = o.requests[media.Schema.Value]
	}
	return schema.check(body)
}

// jsonRequest returns what the contract has for a JSON body, or nil.
func (o *Operation) jsonRequest(contentType string) *openapi3.MediaType {
	if !IsJSON(contentType) {
		return nil
	}
	if media := o.RequestMedia(contentType); media != nil {
		return media
	}
	return o.RequestMedia("application/json")
}
