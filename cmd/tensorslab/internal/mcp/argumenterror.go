package mcp

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/google/jsonschema-go/jsonschema"
	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
)

const invalidArguments = `validating "arguments": `

// wrongType matches what encoding/json says of a value of another type. Go 1.27 words it in
// either way.
var wrongType = regexp.MustCompile(`^json: (cannot|unable to) unmarshal`)

// violation is how the SDK names the innermost place and the keyword of a violation.
var violation = regexp.MustCompile(`^validating root: (?:validating /properties/(\S+): )*([A-Za-z]+)`)

// wordArguments words what is wrong with the arguments of a call, of which the SDK says it in
// terms of schemas and Go. A tool is not called then.
func (s *server) wordArguments(next sdk.MethodHandler) sdk.MethodHandler {
	return func(ctx context.Context, method string, req sdk.Request) (sdk.Result, error) {
		call, isCall := req.(*sdk.CallToolRequest)
		if isCall {
			if err := s.checkTexts(call.Params.Arguments); err != nil {
				return s.refused(err.Error()), nil
			}
		}
		res, err := next(ctx, method, req)
		result, isResult := res.(*sdk.CallToolResult)
		if err != nil || !isCall || !isResult || result.GetError() == nil {
			return res, err
		}
		text, ok := strings.CutPrefix(result.GetError().Error(), invalidArguments)
		if !ok && !wrongType.MatchString(text) {
			return res, nil
		}
		return s.refused(wordsOf(text, s.inputs[call.Params.Name])), nil
	}
}

// refused is the result of a call whose tool is not called.
func (s *server) refused(reason string) *sdk.CallToolResult {
	result := new(sdk.CallToolResult)
	result.SetError(errors.New(s.line(reason+"; nothing was sent", maxError)))
	return result
}

// checkTexts refuses texts that would be sent as others, and ids that can't be those of tasks. What is
// wrong besides is left to the SDK.
func (s *server) checkTexts(arguments json.RawMessage) error {
	tokens := json.NewDecoder(bytes.NewReader(arguments))
	for token, err := tokens.Token(); err == nil; token, err = tokens.Token() {
		if text, ok := token.(string); ok && strings.ContainsRune(text, utf8.RuneError) { // half of a surrogate pair becomes this
			return errors.New("an argument has a character that is no valid text, such as half of a surrogate pair, or U+FFFD in its place")
		}
	}
	var in struct {
		TaskID  *string  `json:"task_id"`
		TaskIDs []string `json:"task_ids"`
	}
	if json.Unmarshal(arguments, &in) != nil {
		return nil
	}
	name, ids := "task_ids", in.TaskIDs
	if in.TaskID != nil {
		name, ids = "task_id", append(ids, *in.TaskID)
	}
	for _, id := range ids {
		switch {
		case strings.ContainsFunc(id, func(c rune) bool { return !unicode.IsGraphic(c) }):
			return fmt.Errorf("%s has a character that is not printable, such as a line break", name)
		case s.Secret.Text(id) != id:
			return fmt.Errorf("%s holds the API key", name)
		}
	}
	return nil
}

// wordsOf says what violates a schema.
func wordsOf(text string, schema *jsonschema.Schema) string {
	match := violation.FindStringSubmatch(text)
	if match == nil || schema == nil {
		return "the arguments are not an object with values of the right types"
	}
	names := text[strings.LastIndex(text, "[")+1:]
	switch keyword := match[2]; keyword {
	case "required":
		return "missing: " + strings.NewReplacer(`"`, "", "]", "", " ", ", ").Replace(names)
	case "unexpected":
		return "unknown argument " + strings.TrimSuffix(names, "]") + "; the arguments are " + strings.Join(slices.Sorted(maps.Keys(schema.Properties)), ", ")
	}
	name, isItem := strings.CutSuffix(match[1], "/items")
	property := schema.Properties[name]
	if isItem && property != nil {
		name, property = "each of "+name, property.Items
	}
	if property == nil {
		return text
	}
	return limitOf(name, property, match[2], text)
}

// typeNames are what values of the types of schemas are called.
var typeNames = map[string]string{"integer": "a whole number", "number": "a number", "string": "a text", "array": "a list", "boolean": "true or false"}

// limitOf says what a keyword of a schema demands, or returns text if it is not one of ours.
func limitOf(name string, schema *jsonschema.Schema, keyword, text string) string {
	switch {
	case keyword == "type":
		return name + " must be " + typeNames[schema.Type]
	case keyword == "enum":
		return name + " must be one of " + strings.Trim(fmt.Sprint(schema.Enum), "[]")
	case keyword == "minimum" && schema.Minimum != nil:
		return fmt.Sprintf("%s must be at least %.0f", name, *schema.Minimum)
	case keyword == "maximum" && schema.Maximum != nil:
		return fmt.Sprintf("%s must be at most %.0f", name, *schema.Maximum)
	case keyword == "minItems" && schema.MinItems != nil:
		return fmt.Sprintf("%s must have at least %s", name, cli.Count(*schema.MinItems, "item"))
	case keyword == "maxItems" && schema.MaxItems != nil:
		return fmt.Sprintf("%s must have at most %s", name, cli.Count(*schema.MaxItems, "item"))
	}
	return text
}
