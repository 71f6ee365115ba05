package fakeapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/tensorslab/tensorslab-go/internal/contract"
)

// fieldsType is that of a body with fields as in a query.
const fieldsType = "application/x-www-form-urlencoded"

// fieldsOf reads such a body as the object that its schema describes: fields of one name
// become an array, and text is converted to the type of its property.
func fieldsOf(body []byte, schema *openapi3.SchemaRef) (map[string]any, error) {
	if strings.Count(string(body), "&") >= maxFormParts {
		return nil, fmt.Errorf("%w: it has more than %d fields", contract.ErrTooManyValues, maxFormParts)
	}
	values, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, errors.New("the fields of the body are malformed")
	}
	fields := formParts{fields: contract.Properties(schema), texts: values}
	for name, texts := range values {
		if !utf8.ValidString(name + strings.Join(texts, "")) {
			return nil, fmt.Errorf("the field %s is not valid UTF-8", quote(name))
		}
		fields.names = append(fields.names, name)
	}
	return fields.object()
}

// decode reads the value of a request, however it was sent, into a generated type.
func (c *call) decode(into any) error {
	data, err := json.Marshal(c.value)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, into)
}
