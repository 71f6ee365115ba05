package contract

import (
	"maps"

	"github.com/getkin/kin-openapi/openapi3"
)

// Operation is one operation of a [Document], prepared for checking.
type Operation struct {
	// ID is the operationId, or "METHOD /path" if the document has none.
	ID string
	// Method is the HTTP method, in capitals.
	Method string
	// Path is the path or its template, as the document has it.
	Path string
	// Spec is the operation as kin-openapi reads it. It must not be changed.
	Spec *openapi3.Operation
	// Parameters are those of the operation and of its path.
	Parameters []*openapi3.Parameter
	// Key says where the API key goes. It is the zero Key also if no API key
	// satisfies what the operation requires; see [CheckSecurity].
	Key Key

	requests  map[*openapi3.Schema]*bodySchema // bodies and parameters
	responses map[*openapi3.MediaType]*bodySchema
	proofs    map[responseKey]*provable

	limits      map[string]Limits // of the properties of a JSON body
	hasLimits   bool
	hasEnvelope bool // of the operation's success
}

func newOperation(method, path string, spec *openapi3.Operation, parameters []*openapi3.Parameter, schemas schemaSet) *Operation {
	o := &Operation{
		ID: spec.OperationID, Method: method, Path: path, Spec: spec, Parameters: parameters,
		requests: map[*openapi3.Schema]*bodySchema{}, responses: map[*openapi3.MediaType]*bodySchema{},
	}
	if o.ID == "" {
		o.ID = method + " " + path
	}
	for _, response := range spec.Responses.Map() {
		for _, media := range response.Value.Content {
			if media == nil { // null in the document
				continue
			}
			b := schemas.body(media.Schema, openapi3.VisitAsResponse())
			if b != nil {
				b.isLax = true
			}
			o.responses[media] = b
		}
	}
	for _, media := range o.requestContent() {
		if media != nil {
			o.addRequest(media.Schema, schemas)
		}
	}
	for _, parameter := range parameters {
		o.addRequest(parameter.Schema, schemas)
	}
	return o
}

func (o *Operation) addRequest(ref *openapi3.SchemaRef, schemas schemaSet) {
	if b := schemas.body(ref, openapi3.VisitAsRequest()); b != nil {
		o.requests[ref.Value] = b
	}
}

func (o *Operation) requestContent() openapi3.Content {
	if o.Spec.RequestBody == nil || o.Spec.RequestBody.Value == nil {
		return nil
	}
	return o.Spec.RequestBody.Value.Content
}

// RequestMedia returns what the contract has for a request body with this
// Content-Type, or nil.
func (o *Operation) RequestMedia(contentType string) *openapi3.MediaType {
	return mediaFor(o.requestContent(), contentType)
}

// FormFields returns the properties of the multipart/form-data body, those that
// allOf adds to its schema included; nil if the operation has no such body.
func (o *Operation) FormFields() openapi3.Schemas {
	media := mediaFor(o.requestContent(), "multipart/form-data")
	if media == nil {
		return nil
	}
	return Properties(media.Schema)
}

// Properties returns the properties of an object's schema, those that allOf adds to it
// included; nil if there is no schema.
func Properties(ref *openapi3.SchemaRef) openapi3.Schemas {
	if ref == nil || ref.Value == nil {
		return nil
	}
	properties := openapi3.Schemas{}
	for _, part := range composed(ref.Value, nil, false) {
		maps.Copy(properties, part.Properties)
	}
	return properties
}

// CheckValue lists what violates a schema in a value that a request carries in
// another form than JSON: a parameter, or a form as an object. The schema is
// that of one of the operation's parameters or request bodies; for any other
// one, and for nil, CheckValue returns nil.
func (o *Operation) CheckValue(schema *openapi3.SchemaRef, value any) []Violation {
	if schema == nil {
		return nil
	}
	// No size is known: one violation of each object and array will do.
	return o.requests[schema.Value].violations(value, maxManyErrors+1, true)
}
