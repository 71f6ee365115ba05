package codegen

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	reader "github.com/tensorslab/tensorslab-go/internal/contract"
)

// Validate returns nil if document is an OpenAPI 3 document in JSON that a
// client can be generated from and whose operations it can call, and otherwise an
// error of one line. References to other documents are refused, and none is fetched.
func Validate(document []byte) error {
	if err := checkJSON(document); err != nil {
		return invalid(err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(document)
	if err != nil {
		return invalid(err)
	}
	// kin-openapi takes any version for one that it knows.
	if doc.OpenAPI != "" && !strings.HasPrefix(doc.OpenAPI, "3.") {
		return invalid(fmt.Errorf("version %q of OpenAPI is not 3.x", doc.OpenAPI))
	}
	// Nothing is generated from examples, and the published ones do not all
	// conform: times are shown as 2026-01-30 12:00:00, with format date-time.
	if err := doc.Validate(context.Background(), openapi3.DisableExamplesValidation()); err != nil {
		return invalid(err)
	}
	for _, item := range doc.Paths.Map() {
		if len(item.Operations()) > 0 {
			return checkUse(doc)
		}
	}
	return invalid(errors.New("it has no operation"))
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

// invalid keeps the line of err that says what is wrong: below it kin-openapi
// prints whole schemas, and beside it what a YAML reader thinks of the document.
func invalid(err error) error {
	text, _, _ := strings.Cut(err.Error(), "\n")
	text, _, _ = strings.Cut(text, ", yaml error: ")
	return fmt.Errorf("the contract is not a valid OpenAPI 3 document in JSON: %s", shorten(text, maxErrorText))
}

// checkJSON refuses what kin-openapi lets pass: YAML, and repeated keys, of
// which all but the last would be lost silently.
func checkJSON(data []byte) error {
	document := reader.ReadJSON(data)
	var syntax *json.SyntaxError
	switch {
	case errors.As(document.Err, &syntax):
		return fmt.Errorf("line %d: %w", lineAt(data, syntax.Offset), syntax)
	case document.Err != nil:
		return fmt.Errorf("it is %w", document.Err)
	case len(document.Repeats) > 0:
		return fmt.Errorf("an object repeats the key %q", shorten(document.Repeats[0].Pointer, maxLineText))
	}
	if _, ok := document.Object(); !ok {
		return errors.New("it is not a JSON object")
	}
	return nil
}

func lineAt(data []byte, offset int64) int {
	return 1 + bytes.Count(data[:min(offset, int64(len(data)))], []byte("\n"))
}
