package fakeapi

import (
	"errors"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// check says how a request breaks the operation, if it does.
func (op *operation) check(r *http.Request, pathValues map[string]string, c *call) error {
	if err := op.checkParameters(r, pathValues); err != nil {
		return err
	}
	return op.checkBody(r.Header, c)
}

func (op *operation) checkBody(h http.Header, c *call) error {
	if op.spec.RequestBody == nil || op.spec.RequestBody.Value == nil {
		return nil
	}
	declared := op.spec.RequestBody.Value
	if len(c.body) == 0 && len(h["Content-Type"]) == 0 && !declared.Required {
		return nil
	}
	if encoding := h.Get("Content-Encoding"); encoding != "" && !strings.EqualFold(encoding, "identity") {
		return errors.New("the body has a Content-Encoding; send it as it is")
	}
	mediaType, _, err := mediaTypeOf(h)
	if err != nil {
		return err
	}
	media := declared.Content.Get(h.Get("Content-Type"))
	if media == nil {
		return fmt.Errorf("the Content-Type is not one that the contract accepts: %s",
			strings.Join(slices.Sorted(maps.Keys(declared.Content)), ", "))
	}
	switch {
	case isJSON(mediaType):
		c.value, err = decodeJSON(c.body)
	case mediaType == formType:
		c.value, err = c.form.object, c.form.err
	default:
		return nil
	}
	if err != nil {
		return err
	}
	if err := checkValue(media.Schema, c.value); err != nil {
		return fmt.Errorf("the body: %w", err)
	}
	return nil
}

// schemaOf returns the schema of a body with this header, nil if the contract
// has none. The operation may be nil.
func (op *operation) schemaOf(h http.Header) *openapi3.SchemaRef {
	if op == nil || op.spec.RequestBody == nil || op.spec.RequestBody.Value == nil {
		return nil
	}
	if media := op.spec.RequestBody.Value.Content.Get(h.Get("Content-Type")); media != nil {
		return media.Schema
	}
	return nil
}

// mediaTypeOf returns the media type in lower case, and its parameters.
func mediaTypeOf(h http.Header) (string, map[string]string, error) {
	switch values := h["Content-Type"]; {
	case len(values) == 0 || strings.TrimSpace(values[0]) == "":
		return "", nil, errors.New("the Content-Type is missing")
	case len(values) > 1:
		return "", nil, errors.New("the Content-Type is repeated")
	}
	mediaType, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil {
		return "", nil, errors.New("the Content-Type is malformed")
	}
	return mediaType, params, nil
}

func isJSON(mediaType string) bool {
	return mediaType == jsonType || strings.HasSuffix(mediaType, "+json")
}

// route finds the operation of a request, and refuses a call that has none or
// has no right to it.
func (s *Server) route(c *call, r *http.Request) (*operation, map[string]string) {
	found, values := s.contract.find(r.URL)
	if found == nil {
		c.refuse(http.StatusNotFound, "the contract has no such path", true)
		return nil, nil
	}
	op := found.operations[r.Method]
	if op == nil {
		c.refuse(http.StatusMethodNotAllowed, "the contract has other methods for this path: "+found.allow, true)
		c.refusal.header = http.Header{"Allow": {found.allow}}
		return nil, nil
	}
	if msg, missing := s.key.authenticate(op.alternatives, r.Header); msg != "" {
		c.refuse(http.StatusUnauthorized, msg, missing)
	}
	return op, values
}

// inspect decides whether a request that was read can be carried out. It
// completes the call with its operation, or with the refusal and, if the
// request broke the contract, how.
func (c *call) inspect(r *http.Request, op *operation, pathValues map[string]string, readErr error) {
	var tooLarge *http.MaxBytesError
	var limit limitError
	switch {
	case errors.As(readErr, &tooLarge):
		c.refuse(http.StatusRequestEntityTooLarge, fmt.Sprintf("the body is larger than %d bytes", tooLarge.Limit), false)
	case errors.As(readErr, &limit):
		c.refuse(http.StatusRequestEntityTooLarge, limit.Error(), false)
	case readErr != nil:
		// Most often a client that gave up, which breaks no contract.
		c.refuse(http.StatusBadRequest, "the body could not be read to its end", false)
	default:
		if err := op.check(r, pathValues, c); err != nil {
			c.refuse(http.StatusBadRequest, err.Error(), true)
			return
		}
		c.op = op
	}
}

// refuse answers with an ErrorResponse.
func (c *call) refuse(status int, msg string, breach bool) {
	msg = c.keys.scrub(msg) // it may name a key of the body
	refusal := errorAnswer(status, msg)
	c.refusal = &refusal
	if breach {
		c.breach = msg
	}
}
