package codegen

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"

	"github.com/getkin/kin-openapi/openapi3"

	reader "github.com/tensorslab/tensorslab-go/internal/contract"
)

// Validate returns nil if document is an OpenAPI 3.0 document in JSON that a client
// can be generated from and whose operations it can call, and otherwise an error of
// one line. It is judged as the client and the fake judge it. References to other
// documents are refused, and none is fetched.
func Validate(document []byte) error {
	doc, err := parse(document)
	if err != nil {
		return err
	}
	if err := checkCircles(doc.Spec); err != nil {
		return err
	}
	return checkUse(doc.Spec)
}

// Notes returns a line about each thing in a valid document that has no effect on the
// client: keys that OpenAPI 3.0 does not have, patterns that can't be checked, and
// examples that violate their own schema. It also names schemas that have another
// name in Go. The error is that of a document that is not valid.
func Notes(document []byte) ([]string, error) {
	doc, err := parse(document)
	if err != nil {
		return nil, err
	}
	notes := doc.Notes()
	for _, name := range ourSchemas {
		if schemas := doc.Spec.Components; schemas != nil && schemas.Schemas[name] != nil {
			notes = append(notes, fmt.Sprintf("/components/schemas/%s has another name in Go: %s is a type that %s adds", name, name, Overlay))
		}
	}
	return notes, nil
}

func parse(document []byte) (*reader.Document, error) {
	document = bytes.TrimPrefix(document, []byte("\ufeff"))
	if err := checkJSON(document); err != nil {
		return nil, invalid(err)
	}
	doc, err := reader.Parse(document)
	if err == nil {
		err = reader.CheckTypes(document)
	}
	if err != nil {
		return nil, invalid(err)
	}
	if len(doc.Operations()) == 0 {
		return nil, invalid(errors.New("it has no operation"))
	}
	return doc, nil
}

// checkUse refuses a valid document whose operations the client can't call: it has
// one API key, and sends all requests to one public server.
func checkUse(doc *openapi3.T) error {
	if err := reader.CheckSecurity(doc); err != nil {
		return unusable(err)
	}
	if err := reader.CheckServers(doc); err != nil {
		return unusable(err)
	}
	return nil
}

// invalid makes one line of an error about a document.
func invalid(err error) error {
	text := err.Error()
	if refused := new(reader.InvalidError); errors.As(err, &refused) {
		text = refused.Reason
	}
	return fmt.Errorf("the contract is not a valid OpenAPI 3 document in JSON: %s", shorten(text, maxErrorText))
}

// checkJSON refuses what kin-openapi lets pass: YAML, repeated keys, of which all but
// the last would be lost silently, and what it would take too long to read.
func checkJSON(data []byte) error {
	document := reader.ReadDocument(data)
	var syntax *json.SyntaxError
	switch {
	case isYAML.Match(data):
		return errors.New("it is YAML: convert it to JSON")
	case errors.As(document.Err, &syntax):
		return fmt.Errorf("line %d: %w", lineAt(data, syntax.Offset), syntax)
	case document.Err != nil:
		return fmt.Errorf("it is %w", document.Err)
	case len(document.Repeats) > 0:
		return fmt.Errorf("an object repeats the key %q", shorten(document.Repeats[0].Pointer, maxLineText))
	}
	root, ok := document.Object()
	if !ok {
		return errors.New("it is not a JSON object")
	}
	return checkLimits(root)
}

// isYAML matches a document whose first key is written as in YAML alone.
var isYAML = regexp.MustCompile(`\A(\s|#.*\n)*(---|["']?(openapi|swagger|info|paths)["']?[ \t]*:)`)

func lineAt(data []byte, offset int64) int {
	return 1 + bytes.Count(data[:min(offset, int64(len(data)))], []byte("\n"))
}
