package codegen

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"
)

// Validate returns nil if contract is an OpenAPI 3 document in JSON that a
// client can be generated from, and otherwise an error of one line. References
// to other documents are refused, and none is fetched.
func Validate(contract []byte) error {
	if err := checkJSON(contract); err != nil {
		return invalid(err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(contract)
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
			return nil
		}
	}
	return invalid(errors.New("it has no operation"))
}

// invalid keeps the line of err that says what is wrong: below it kin-openapi
// prints whole schemas, and beside it what a YAML reader thinks of the document.
func invalid(err error) error {
	text, _, _ := strings.Cut(err.Error(), "\n")
	text, _, _ = strings.Cut(text, ", yaml error: ")
	return fmt.Errorf("the contract is not a valid OpenAPI 3 document in JSON: %s", shorten(text, maxErrorText))
}

// checkJSON refuses what kin-openapi lets pass: YAML, and repeated keys, of
// which all but the last would be lost without a word.
func checkJSON(data []byte) error {
	if !utf8.Valid(data) {
		return errors.New("it is not UTF-8")
	}
	var object map[string]json.RawMessage
	var syntax *json.SyntaxError
	switch err := json.Unmarshal(data, &object); {
	case errors.As(err, &syntax):
		return fmt.Errorf("line %d: %w", lineAt(data, syntax.Offset), err)
	case err != nil || object == nil:
		return errors.New("it is not a JSON object")
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	return checkKeys(dec)
}

func lineAt(data []byte, offset int64) int {
	return 1 + bytes.Count(data[:min(offset, int64(len(data)))], []byte("\n"))
}

// checkKeys reads one value of valid JSON and returns an error for the first key
// that an object repeats.
func checkKeys(dec *json.Decoder) error {
	token, err := dec.Token()
	if err != nil {
		return err
	}
	delim, ok := token.(json.Delim)
	if !ok {
		return nil
	}
	seen := map[string]bool{}
	for dec.More() {
		if delim == '{' {
			key, err := dec.Token()
			if err != nil {
				return err
			}
			name := key.(string) // JSON allows nothing else
			if seen[name] {
				return fmt.Errorf("an object repeats the key %q", shorten(name, maxLineText))
			}
			seen[name] = true
		}
		if err := checkKeys(dec); err != nil {
			return err
		}
	}
	_, err = dec.Token()
	return err
}
