package contract

import (
	"encoding/json"
	"fmt"
	"strings"
)

// InvalidError is the error of [Parse] for a document that is not a valid OpenAPI
// 3.0 document. Its text is of one line.
type InvalidError struct {
	// Reason completes "the contract is not valid: ".
	Reason string
}

func (e *InvalidError) Error() string { return "the contract is not valid: " + e.Reason }

func invalid(format string, args ...any) error {
	return &InvalidError{Reason: fmt.Sprintf(format, args...)}
}

// maxVersion bounds how much of a version an error quotes, in bytes.
const maxVersion = 20

// checkVersion returns an error unless a document is of OpenAPI 3.0. The fields are
// those at its top.
func checkVersion(fields map[string]any) error {
	if swagger := fields["swagger"]; swagger != nil && (fields["openapi"] == nil || fields["openapi"] == "") {
		return invalid("it is Swagger %s, which has other keywords: convert it to OpenAPI 3.0", quoted(fmt.Sprint(swagger)))
	}
	switch version := fields["openapi"].(type) {
	case string:
		return checkVersionText(version)
	case json.Number:
		return invalid("openapi is the number %s; a version is a text, such as \"3.0.3\"", version[:min(len(version), maxVersion)])
	case nil:
		return invalid("it has no openapi field, so that it is not an OpenAPI document")
	}
	return invalid("openapi is not a text, such as \"3.0.3\"")
}

// checkVersionText refuses later versions as a whole. Their schemas are JSON Schema
// 2020-12, of which the validator of OpenAPI 3.0 ignores const, patternProperties
// and others, so that it would accept what violates them.
func checkVersionText(version string) error {
	switch major, rest, _ := strings.Cut(version, "."); {
	case version == "3.0" || strings.HasPrefix(version, "3.0."):
		return nil
	case version == "":
		return invalid("openapi is empty; it should be a version, such as \"3.0.3\"")
	case major == "3" && rest != "" && rest[0] >= '1' && rest[0] <= '9':
		return invalid("it is OpenAPI %s; only 3.0 can be checked, since later versions have keywords that would be ignored, such as const", quoted(version))
	}
	return invalid("openapi is %s, which is not a version of OpenAPI 3.0", quoted(version))
}

func quoted(text string) string {
	return fmt.Sprintf("%q", strings.ToValidUTF8(text[:min(len(text), maxVersion)], ""))
}
