package fakeapi

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/tensorslab/tensorslab-go/internal/contract"
)

// maxQuoted bounds what a message repeats of a request, in bytes.
const maxQuoted = 40

// quote makes a part of a request fit for a message of one short line.
func quote(text string) string { return strconv.Quote(shorten(text, maxQuoted)) }

// explain returns an error that names the place and the reason of one of the
// violations, and never a value; nil if there are none. The schema is that of
// the whole value, and may be nil.
func explain(found []contract.Violation, schema *openapi3.SchemaRef) error {
	if len(found) == 0 {
		return nil
	}
	v := found[0]
	// A key in another case also lacks as the right one, or is one too many.
	if i := slices.IndexFunc(found, func(v contract.Violation) bool { return v.Keyword == contract.KeywordKeyCase }); i >= 0 {
		v = found[i]
	}
	at := "it"
	if v.Pointer != "" {
		at = quote(v.Pointer)
	}
	switch v.Keyword {
	case contract.KeywordJSON:
		return fmt.Errorf("%s has half a surrogate pair in a \\u escape", at)
	case contract.KeywordUniqueKeys:
		return fmt.Errorf("the key %s is repeated", at)
	case contract.KeywordKeyCase:
		return fmt.Errorf("the key %s; the contract has %s", at, quote(declaredKey(schema, v.Pointer)))
	case contract.KeywordDepth:
		return fmt.Errorf("%s is nested too deeply to be checked", at)
	case "required":
		return fmt.Errorf("%s is required", at)
	case "nullable":
		return fmt.Errorf("%s must not be null", at)
	case "type":
		if types := typesAt(schema, v.Pointer); types != "" {
			return errors.New(at + " must be of type " + types)
		}
	}
	return fmt.Errorf("%s does not satisfy %q of the contract's schema", at, v.Keyword)
}

// typesAt returns the types that the schema has for the value at a pointer, or
// "" if it has none or the pointer is cut.
func typesAt(schema *openapi3.SchemaRef, pointer string) string {
	for _, s := range schemasAt(schema, pointer) {
		if s.Type != nil {
			return strings.Join(s.Type.Slice(), " or ")
		}
	}
	return ""
}

// declaredKey returns the pointer with the declared spelling of its last key.
func declaredKey(schema *openapi3.SchemaRef, pointer string) string {
	parent, key := pointer[:strings.LastIndexByte(pointer, '/')], tokensOf(pointer)
	for _, s := range schemasAt(schema, parent) {
		for name := range s.Properties {
			if strings.EqualFold(name, key[len(key)-1]) {
				return parent + "/" + contract.EscapeToken(name)
			}
		}
	}
	return parent + "/…"
}

// schemasAt returns the schemas that apply, or may apply, to the value at a
// pointer.
func schemasAt(schema *openapi3.SchemaRef, pointer string) []*openapi3.Schema {
	if schema == nil || schema.Value == nil {
		return nil
	}
	at := allThatApply(schema.Value)
	for _, token := range tokensOf(pointer) {
		var next []*openapi3.Schema
		for _, s := range at {
			if ref := childOf(s, token); ref != nil && ref.Value != nil {
				next = append(next, ref.Value)
			}
		}
		at = allThatApply(next...)
	}
	return at
}

// childOf returns the schema that s has for one property or item, or nil.
func childOf(s *openapi3.Schema, token string) *openapi3.SchemaRef {
	if ref := s.Properties[token]; ref != nil {
		return ref
	}
	if s.Items != nil {
		return s.Items
	}
	return s.AdditionalProperties.Schema
}

func allThatApply(schemas ...*openapi3.Schema) []*openapi3.Schema {
	return closure(schemas, func(s *openapi3.Schema) []openapi3.SchemaRefs {
		return []openapi3.SchemaRefs{s.AllOf, s.OneOf, s.AnyOf}
	})
}

// tokensOf splits a JSON Pointer.
func tokensOf(pointer string) []string {
	if pointer == "" {
		return nil
	}
	tokens := strings.Split(pointer[1:], "/")
	for i, token := range tokens {
		tokens[i] = strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~")
	}
	return tokens
}
