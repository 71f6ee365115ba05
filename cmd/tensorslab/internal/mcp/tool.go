package mcp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/google/jsonschema-go/jsonschema"
	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
)

// kind is what a host of agents is told of a tool, so that it can ask its user first.
type kind int

const (
	looks   kind = iota // changes nothing, and asks nobody
	reads               // changes nothing
	saves               // adds files
	pays                // adds tasks that cost credits
	deletes             // destroys what was paid for
)

func (k kind) annotations() *sdk.ToolAnnotations {
	destructive, open := k == deletes, k != looks
	return &sdk.ToolAnnotations{
		ReadOnlyHint: k <= reads, DestructiveHint: &destructive, OpenWorldHint: &open,
		IdempotentHint: k != pays, // files are kept, and a task that was deleted is deleted
	}
}

// result is what a tool found out: its structured content, whether that is an error, and
// what to show besides.
type result[Out any] struct {
	out     Out
	isError bool
	images  []sdk.Content
}

// addTool adds a tool. Its input schema is that of In, as adjust changes it.
func addTool[In, Out any](s *server, to *sdk.Server, k kind, name, title, description string, adjust func(properties map[string]*jsonschema.Schema),
	do func(ctx context.Context, req *sdk.CallToolRequest, in In) result[Out],
) {
	input, output := schemaOf[In](), schemaOf[Out]()
	if adjust != nil {
		adjust(input.Properties)
	}
	s.inputs[name] = input
	tool := &sdk.Tool{Name: name, Title: title, Description: description, InputSchema: input, OutputSchema: output, Annotations: k.annotations()}
	sdk.AddTool(to, tool, func(ctx context.Context, req *sdk.CallToolRequest, in In) (_ *sdk.CallToolResult, _ Out, err error) {
		var none Out
		defer func() {
			if p := recover(); p != nil { // which would end the session, and calls that have been paid for
				err = s.panicked(name, p)
			}
		}()
		ctx, done, err := s.begin(ctx)
		if err != nil {
			return nil, none, err
		}
		defer done()
		leave, err := turn(ctx, s.slots)
		if err != nil {
			return nil, none, err
		}
		defer leave()
		r := do(ctx, req, in)
		text, err := json.Marshal(r.out)
		if err != nil {
			return nil, none, err
		}
		return &sdk.CallToolResult{IsError: r.isError, Content: append([]sdk.Content{&sdk.TextContent{Text: string(text)}}, r.images...)}, r.out, nil
	})
}

// panicked logs a panic of a tool, which is an error in this program, and returns an error
// that says nothing of its cause: it may repeat anything.
func (s *server) panicked(tool string, cause any) error {
	s.Warn(fmt.Sprintf("%s: internal error: %v; please report it", tool, cause))
	if tool == "generate" {
		return errors.New("internal error: a task may exist and have been paid for; do not generate again, and call list")
	}
	return errors.New("internal error in the tool " + tool)
}

// schemaOf returns the schema of a type of ours, in which each value has one type: a list or
// a pointer that may be null has two, which some hosts do not know.
func schemaOf[T any]() *jsonschema.Schema {
	schema, err := jsonschema.For[T](nil)
	if err != nil {
		panic(err) // the types are ours
	}
	withoutNull(schema)
	return schema
}

func withoutNull(schema *jsonschema.Schema) {
	if schema == nil {
		return
	}
	if types := slices.DeleteFunc(schema.Types, func(name string) bool { return name == "null" }); len(types) == 1 {
		schema.Type, schema.Types = types[0], nil
	}
	for _, property := range schema.Properties {
		withoutNull(property)
	}
	withoutNull(schema.Items)
}

// between bounds a number.
func between(schema *jsonschema.Schema, least, most float64) {
	schema.Minimum, schema.Maximum = &least, &most
}

// oneOf lists the values of a text.
func oneOf[S ~string](schema *jsonschema.Schema, values ...S) {
	for _, value := range values {
		schema.Enum = append(schema.Enum, string(value))
	}
}
