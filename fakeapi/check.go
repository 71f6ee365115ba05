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

	"github.com/tensorslab/tensorslab-go/internal/contract"
)

// admit refuses a request that has no operation, or lacks a credential. allow
// lists the methods of its path, if the contract has it.
func (s *Server) admit(c *call, r *http.Request, op *contract.Operation, allow string) {
	switch {
	case op == nil && allow == "":
		c.refuse(http.StatusNotFound, "the contract has no such path", true)
	case op == nil:
		c.refuse(http.StatusMethodNotAllowed, "the contract has other methods for this path: "+allow, true)
		c.refusal.header = http.Header{"Allow": {allow}}
	default:
		if msg, missing := authenticate(s.key, c.document.alternatives[op], carriedBy(r, c.document.secret)); msg != "" {
			c.refuse(http.StatusUnauthorized, msg, missing)
		}
	}
}

// inspect decides whether a request that was read can be carried out. It
// completes the call with its operation, or with the refusal and, if the
// request violates the contract, the reason.
func (c *call) inspect(r *http.Request, op *contract.Operation, pathValues map[string]string, readErr error) {
	var tooLarge *http.MaxBytesError
	var limit limitError
	switch {
	case errors.As(readErr, &tooLarge):
		c.refuse(http.StatusRequestEntityTooLarge, fmt.Sprintf("the body is larger than %d bytes", tooLarge.Limit), false)
	case errors.As(readErr, &limit):
		c.refuse(http.StatusRequestEntityTooLarge, limit.Error(), false)
	case readErr != nil:
		// Most often a client that gave up, which violates no contract.
		c.refuse(http.StatusBadRequest, "the body could not be read to its end", false)
	default:
		switch err := c.check(r, op, pathValues); {
		case errors.Is(err, contract.ErrTooManyValues):
			c.refuse(http.StatusRequestEntityTooLarge, err.Error(), false)
		case err != nil:
			c.refuse(http.StatusBadRequest, err.Error(), true)
		default:
			c.op = op
		}
	}
}

// refuse sets the response to an ErrorResponse.
func (c *call) refuse(status int, msg string, violation bool) {
	msg = c.keys.scrub(msg) // it may name a key of the body
	refusal := errorResponse(status, msg)
	c.refusal = &refusal
	if violation {
		c.violation = msg
	}
}

// check returns the first violation of the operation's contract, if any.
func (c *call) check(r *http.Request, op *contract.Operation, pathValues map[string]string) error {
	if err := checkParameters(r, op, pathValues); err != nil {
		return err
	}
	return c.checkBody(r.Header, op)
}

func (c *call) checkBody(h http.Header, op *contract.Operation) error {
	if op.Spec.RequestBody == nil || op.Spec.RequestBody.Value == nil {
		return nil
	}
	declared := op.Spec.RequestBody.Value
	if len(c.body) == 0 && len(h["Content-Type"]) == 0 && !declared.Required {
		return nil
	}
	if encoding := h.Get("Content-Encoding"); encoding != "" && !strings.EqualFold(encoding, "identity") {
		return errors.New("the body has a Content-Encoding; send it as it is")
	}
	mediaType, params, err := mediaTypeOf(h)
	if err != nil {
		return err
	}
	media := op.RequestMedia(h.Get("Content-Type"))
	if media == nil {
		return fmt.Errorf("the Content-Type is not one that the contract accepts: %s",
			strings.Join(slices.Sorted(maps.Keys(declared.Content)), ", "))
	}
	found, err := c.checkValue(h, op, media.Schema, mediaType, params["charset"])
	if err != nil {
		return err
	}
	if err := explain(found, media.Schema); err != nil {
		return fmt.Errorf("the body: %w", err)
	}
	return nil
}

// checkValue reads the body by its media type, and returns how it violates its schema. It
// returns nothing for a type that is not read.
func (c *call) checkValue(h http.Header, op *contract.Operation, schema *openapi3.SchemaRef, mediaType, charset string) ([]contract.Violation, error) {
	switch {
	case contract.IsJSON(mediaType) && !isUTF8(charset):
		return nil, errors.New("the Content-Type has a charset other than UTF-8, in which JSON is sent (RFC 8259)")
	case contract.IsJSON(mediaType):
		body := contract.ReadJSONUpTo(c.body, maxValues)
		if body.Err != nil {
			return nil, fmt.Errorf("the body is %w", body.Err)
		}
		c.value = body.Value
		return op.CheckRequestBody(h.Get("Content-Type"), body), nil
	case mediaType == fieldsType:
		fields, err := fieldsOf(c.body, schema)
		if err != nil {
			return nil, err
		}
		c.value = fields
		return op.CheckValue(schema, fields), nil
	case mediaType == formType:
		if c.form.err != nil {
			return nil, c.form.err
		}
		c.value = c.form.object
		return op.CheckValue(schema, c.form.object), nil
	}
	return nil, nil
}

// isUTF8 reports whether a charset, if there is one, is UTF-8 or the part of it that ASCII is.
func isUTF8(charset string) bool {
	return slices.Contains([]string{"", "utf-8", "utf8", "us-ascii"}, strings.ToLower(charset))
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
