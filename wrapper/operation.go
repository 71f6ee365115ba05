package wrapper

import (
	"io"
	"net/http"
	"regexp"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// operation is one operation of the contract, prepared for checking.
type operation struct {
	id         string
	method     string
	path       string
	pattern    *regexp.Regexp // nil unless path is templated
	idempotent bool
	safe       bool // it changes nothing, so no outcome is in doubt

	memo      memo
	responses *openapi3.Responses
	request   *bodySchema      // nil unless the contract has a JSON request body
	form      openapi3.Schemas // the fields of a multipart request body
	bodies    map[*openapi3.MediaType]*bodySchema
}

func newOperation(method, path string, op *openapi3.Operation, schemas schemaSet) *operation {
	e := effectOf(method, op.OperationID)
	o := &operation{
		id: op.OperationID, method: method, path: path,
		safe: e == effectNone, idempotent: e != effectEachTime,
		responses: op.Responses, bodies: map[*openapi3.MediaType]*bodySchema{},
	}
	if o.id == "" {
		o.id = method + " " + path
	}
	if strings.Contains(path, "{") {
		o.pattern = pathPattern(path)
	}
	for _, response := range op.Responses.Map() {
		for _, media := range response.Value.Content {
			o.bodies[media] = schemas.body(media, openapi3.VisitAsResponse())
		}
	}
	if op.RequestBody != nil {
		if media := op.RequestBody.Value.Content.Get("application/json"); media != nil {
			o.request = schemas.body(media, openapi3.VisitAsRequest())
		}
		if media := op.RequestBody.Value.Content.Get("multipart/form-data"); media != nil && media.Schema != nil {
			o.form = media.Schema.Value.Properties
		}
	}
	return o
}

// response returns what the contract documents for a status, or nil.
func (o *operation) response(status int) *openapi3.Response {
	ref := o.responses.Status(status)
	if ref == nil {
		ref = o.responses.Default()
	}
	if ref == nil {
		return nil
	}
	return ref.Value
}

// checkRequest refuses a JSON body that breaks the contract, such as ids that
// are null. A body that cannot be read twice is left alone.
func (o *operation) checkRequest(req *http.Request) error {
	if o.request == nil || req.GetBody == nil || !isJSON(req.Header.Get("Content-Type")) {
		return nil
	}
	body, err := req.GetBody()
	if err != nil {
		return invalid(o.id, "", "its body cannot be read again")
	}
	defer body.Close()
	data, err := io.ReadAll(body)
	if err != nil {
		return invalid(o.id, "", "its body cannot be read")
	}
	value, _, err := readJSON(data)
	if err != nil {
		return invalid(o.id, "", "its body is %v", err)
	}
	if v := o.request.violations(value, len(data)); len(v) > 0 {
		return invalid(o.id, v[0].Pointer, "breaks the contract (%s)", v[0].Keyword)
	}
	return nil
}

// isJSON reports whether a Content-Type, in any case and with any parameters,
// is JSON. The parameters are not read, as in kin-openapi's own matching.
func isJSON(contentType string) bool {
	media, _, _ := strings.Cut(contentType, ";")
	media = strings.ToLower(strings.TrimSpace(media))
	return media == "application/json" || strings.HasSuffix(media, "+json")
}
