package contract

import (
	"strings"
	"testing"
)

// What is not OpenAPI 3.0 is refused in one line with the reason, before anything
// else is looked at, and by both ways of reading.
func TestVersions(t *testing.T) {
	t.Parallel()
	const rest = `"info": {"title": "t", "version": "1"}, "paths": {}}`
	for head, want := range map[string]string{
		`"openapi": "3.0.3"`:                     "",
		`"openapi": "3.0"`:                       "",
		`"openapi": "3.0.4"`:                     "",
		`"openapi": "3.0.0-rc2"`:                 "",
		`"openapi": "3.0.3", "swagger": "2.0"`:   "",
		`"openapi": "3.1.0"`:                     `it is OpenAPI "3.1.0"; only 3.0 can be checked, since later versions have keywords that would be ignored, such as const`,
		`"openapi": "3.1"`:                       `it is OpenAPI "3.1"; only 3.0`,
		`"openapi": "3.2.0"`:                     `it is OpenAPI "3.2.0"; only 3.0`,
		`"openapi": "3.10.1"`:                    `it is OpenAPI "3.10.1"; only 3.0`,
		`"openapi": "3"`:                         `openapi is "3", which is not a version of OpenAPI 3.0`,
		`"openapi": "4.0.0"`:                     `openapi is "4.0.0", which is not`,
		`"openapi": "30.0"`:                      `openapi is "30.0", which is not`,
		`"openapi": " 3.0.3"`:                    `openapi is " 3.0.3", which is not`,
		`"openapi": "3.0\n"`:                     `openapi is "3.0\n", which is not`,
		`"openapi": "2.0"`:                       `openapi is "2.0", which is not`,
		`"openapi": "latest"`:                    `openapi is "latest", which is not`,
		`"openapi": ""`:                          `openapi is empty`,
		`"openapi": 3.0`:                         `openapi is the number 3.0; a version is a text, such as "3.0.3"`,
		`"openapi": 3`:                           `openapi is the number 3; `,
		`"openapi": null`:                        `it has no openapi field`,
		`"openapi": ["3.0.3"]`:                   `openapi is not a text`,
		`"openapi": true`:                        `openapi is not a text`,
		`"swagger": "2.0"`:                       `it is Swagger "2.0", which has other keywords: convert it to OpenAPI 3.0`,
		`"swagger": 2.0`:                         `it is Swagger "2.0"`,
		`"swagger": "2.0", "openapi": ""`:        `it is Swagger "2.0"`,
		`"Openapi": "3.0.3"`:                     `it has no openapi field`,
		`"openapi": "` + strings.Repeat("9", 99): "",
	} {
		document := "{" + head + ", " + rest
		if strings.HasSuffix(head, "99") {
			document, want = "{"+head+`", `+rest, `openapi is "99999999999999999999", which is not`
		}
		for _, text := range []string{document, "\ufeff" + document} {
			for _, parse := range []func([]byte) (*Document, error){Parse, ParseWithOrigins} {
				_, err := parse([]byte(text))
				if want == "" && err != nil || want != "" && (err == nil || !strings.HasPrefix(err.Error(), "the contract is not valid: "+want)) {
					t.Errorf("%.80s: %v, want %q", head, err, want)
				}
				if err != nil && strings.ContainsAny(err.Error(), "\r\n") {
					t.Errorf("%s: %q has several lines", head, err)
				}
			}
		}
	}
}

// A document in YAML is refused for the same reasons.
func TestVersionsInYAML(t *testing.T) {
	t.Parallel()
	for head, want := range map[string]string{
		"openapi: 3.0.3": "", "openapi: '3.0'": "", "openapi: 3.1.0": "only 3.0 can be checked", "openapi: 3.2.1": "only 3.0 can be checked",
		"swagger: '2.0'": `it is Swagger "2.0"`, "openapi: 3.0": "openapi", "title: x": "openapi",
	} {
		_, err := Parse([]byte(head + "\ninfo: {title: t, version: '1'}\npaths: {}\n"))
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n")) {
			t.Errorf("%s: %v, want %q", head, err, want)
		}
	}
}

// A later version costs no validation, however large the document is.
func TestLaterVersionIsRefusedBeforeTheRestIsRead(t *testing.T) {
	t.Parallel()
	_, err := Parse([]byte(`{"openapi": "3.1.0", "paths": {"/a": {"get": {"responses": 5}}}, "info": 7}`))
	if err == nil || !strings.Contains(err.Error(), "only 3.0 can be checked") {
		t.Error(err)
	}
}
