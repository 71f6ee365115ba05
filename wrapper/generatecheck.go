package wrapper

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"
)

// How many images one task makes, by the contract's batchsize; 0 stands for its
// default of 1.
const (
	MinImages = 1
	MaxImages = 15
)

// check lists the fields to send, and refuses those that the service would
// refuse, or could read in another way.
func (g generation) check(ctx context.Context, req any) (fields, error) {
	if ctx == nil {
		return nil, invalid(g.id, "", "the context is nil")
	}
	list, err := fieldsOf(g.id, req)
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(list.find("prompt").text) == "" {
		return nil, invalid(g.id, "/prompt", "is blank")
	}
	limits, err := formLimits(g.id)
	if err != nil {
		return nil, err
	}
	for _, f := range list {
		if fault := g.fault(f, limits[f.name]); fault != "" {
			return nil, invalid(g.id, f.pointer(), "%s", fault)
		}
	}
	if len(list.find("sourceImage").files) > 0 && list.find("imageUrl").text != "" {
		return nil, invalid(g.id, "/imageUrl", "can't be sent together with files in sourceImage")
	}
	return list, nil
}

func (g generation) fault(f field, limits *openapi3.SchemaRef) string {
	if !utf8.ValidString(f.text) {
		return "is not valid UTF-8"
	}
	if fault := limitFault(f, limits); fault != "" {
		return fault
	}
	switch f.name {
	case "resolution":
		return g.resolution(f.text)
	case "imageUrl":
		return imageURLFault(f.text)
	}
	return ""
}

// formLimits is what the contract says of each field of an operation's form.
func formLimits(operationID string) (openapi3.Schemas, error) {
	spec, err := loadContract()
	if err != nil {
		return nil, err
	}
	for _, op := range spec.exact {
		if op.id == operationID {
			return op.form, nil
		}
	}
	return nil, nil
}

// limitFault reads the contract, so that one that allows more needs no change here.
func limitFault(f field, limits *openapi3.SchemaRef) string {
	if limits == nil || f.value == nil || limits.Value.VisitJSON(f.value, openapi3.DisableSchemaErrorDetails()) == nil {
		return ""
	}
	switch s := limits.Value; {
	case len(s.Enum) > 0:
		return "is none of " + strings.Trim(fmt.Sprint(s.Enum), "[]")
	case s.Min != nil && s.Max != nil:
		return fmt.Sprintf("is not between %v and %v", *s.Min, *s.Max)
	}
	return "is not what the contract allows"
}

// imageURLFault does not quote the URL, which may be signed.
func imageURLFault(s string) string {
	if strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
		return "holds white space or a control character"
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || !validPort(u) {
		return "is not an absolute http or https URL"
	}
	return ""
}
