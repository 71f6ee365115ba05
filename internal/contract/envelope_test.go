package contract

import (
	"fmt"
	"strings"
	"testing"
)

func TestEnvelope(t *testing.T) {
	t.Parallel()
	type envelope struct {
		code int
		msg  string
		ok   bool
	}
	for body, want := range map[string]envelope{
		`{"code":1000,"msg":"a","Other":2}`:      {1000, "a", true},
		`{"code":1000,"msg":""}`:                 {1000, "", true},
		`{"code":1000}`:                          {1000, "", false},
		`{"msg":"a"}`:                            {0, "a", false},
		`{"code":"1000","msg":"a"}`:              {0, "a", false},
		`{"code":1e3,"msg":"a"}`:                 {0, "a", false},
		`{"code":9999999999999999999,"msg":1}`:   {},
		`{"code":1,"Code":2,"msg":"a"}`:          {},
		`{"code":1,"msg":"a","MSG":"a"}`:         {},
		`{"code":1,"code":1,"msg":"a"}`:          {},
		`{"code":1,"msg":"a","d":{"a":1,"a":2}}`: {},
		`{}`:                                     {}, `[]`: {}, `null`: {}, `"code"`: {}, ``: {}, `{"code":1`: {},
	} {
		code, msg, ok := ReadJSON([]byte(body)).Envelope()
		if got := (envelope{code, msg, ok}); got != want {
			t.Errorf("%s: %+v, want %+v", body, got, want)
		}
	}
}

// enveloped is a contract of one operation with these responses.
func enveloped(responses string) string {
	return fmt.Sprintf(`{"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {"/v1/a": {"post": {"operationId": "a", "responses": {%s}}}},
  "components": {"schemas": {
    "Base": {"type": "object", "properties": {"code": {"type": "integer"}, "msg": {"type": "string"}}},
    "Whole": {"allOf": [{"$ref": "#/components/schemas/Base"}, {"type": "object", "properties": {"data": {}}}]},
    "Strict": {"allOf": [{"$ref": "#/components/schemas/Base"}, {"type": "object", "properties": {"data": {}}, "required": ["code", "msg", "data"]}]},
    "Bare": {"allOf": [{"$ref": "#/components/schemas/Base"}, {"type": "object", "properties": {"data": {}}, "required": ["code", "data"]}]},
    "Nullable": {"allOf": [{"$ref": "#/components/schemas/Null"}, {"type": "object", "properties": {"data": {}}, "required": ["code", "msg", "data"]}]},
    "Null": {"type": "object", "properties": {"code": {"allOf": [{"type": "integer"}]}, "msg": {"type": "string", "nullable": true}}},
    "Either": {"oneOf": [{"$ref": "#/components/schemas/Whole"}, {"$ref": "#/components/schemas/Null"}]},
    "Or": {"oneOf": [{"$ref": "#/components/schemas/Whole"}, {"$ref": "#/components/schemas/Code"}]},
    "Code": {"type": "object", "properties": {"code": {"type": "integer"}}},
    "Word": {"type": "string"},
    "Text": {"type": "object", "properties": {"code": {"type": "string"}, "msg": {"type": "string"}}},
    "Coupon": {"type": "object", "properties": {"code": {"type": "integer"}, "msg": {"type": "object"}}},
    "Loop": {"oneOf": [{"$ref": "#/components/schemas/Loop"}]}}}}`, responses)
}

func response(status, media, schema string) string {
	return fmt.Sprintf(`%q: {"description": "d", "content": {%q: {"schema": {"$ref": "#/components/schemas/%s"}}}}`, status, media, schema)
}

func TestHasEnvelope(t *testing.T) {
	t.Parallel()
	const asJSON = "application/json"
	const failed = `{"code":9999,"msg":"no"}`
	whole := response("200", asJSON, "Whole")
	for _, tt := range []struct {
		responses   string
		status      int
		contentType string
		body        string
		want        bool
	}{
		{response("200", asJSON, "Base"), 200, asJSON, "", true},
		{whole, 200, asJSON, "", true},
		{whole, 200, "", "", true},
		{whole, 200, "text/plain", "", true},
		{whole, 201, asJSON, "", true},
		{whole, 401, asJSON, "", true},
		{whole, 502, "text/html", "", true},
		{response("200", asJSON, "Null"), 200, asJSON, "", true},
		{response("200", asJSON, "Either"), 200, asJSON, "", true},
		{response("2XX", "application/problem+json; charset=utf-8", "Base"), 200, "application/problem+json", "", true},
		{response("200", "*/*", "Base"), 200, asJSON, "", true},
		{response("default", asJSON, "Base"), 200, asJSON, "", true},
		{response("200", asJSON, "Or"), 200, asJSON, "", false},
		{response("200", asJSON, "Code"), 200, asJSON, "", false},
		{response("200", asJSON, "Text"), 200, asJSON, "", false},
		{response("200", asJSON, "Coupon"), 200, asJSON, "", false},
		{response("200", asJSON, "Loop"), 200, asJSON, "", false},
		{response("200", "application/x-ndjson", "Base"), 200, "application/x-ndjson", "", false},
		{response("200", "image/png", "Base"), 200, "image/png", "", false},
		{response("200", "image/png", "Base"), 200, "image/png", "\x89PNG", false},
		{response("200", "image/png", "Base"), 200, "image/png", `{}`, true},
		{response("200", "application/x-ndjson", "Base"), 200, "application/x-ndjson", failed, true},
		{response("200", "application/x-ndjson", "Base"), 200, "application/x-ndjson", failed + failed, false},
		{response("200", "application/xml", "Base"), 200, "application/xml", "<code>9999</code>", false},
		{response("200", "text/plain", "Base"), 200, "text/plain", "no", true},
		{response("200", "text/plain; charset=utf-8", "Whole"), 200, "Text/Plain", failed, true},
		{response("200", "text/html", "Base"), 500, asJSON, failed, true},
		{whole + "," + response("202", "text/plain", "Word"), 202, "text/plain", failed, true},
		{whole + "," + response("202", "text/plain", "Word"), 202, "text/plain", `{"code":9999}`, false},
		{whole + "," + response("202", "text/plain", "Word"), 202, "text/plain", "no", false},
		{whole + "," + response("202", "text/csv", "Word"), 202, "text/csv", failed, false},
		{response("200", "text/plain", "Word"), 200, "text/plain", failed, false},
		{`"200": {"description": "d", "content": {"image/png": {}, "application/json": {"schema": {"$ref": "#/components/schemas/Base"}}}}`, 200, "image/png", "", false},
		{`"200": {"description": "d", "content": {"image/png": {}, "application/json": {"schema": {"$ref": "#/components/schemas/Base"}}}}`, 200, asJSON, "", true},
		{`"204": {"description": "d"}`, 204, asJSON, "", false},
		{`"204": {"description": "d"}`, 500, asJSON, "", false},
		{whole + "," + response("202", asJSON, "Code"), 202, asJSON, "", false},
		{whole + `,"202": {"description": "d", "content": {"application/json": {}}}`, 202, asJSON, "", true},
		{whole + `,"204": {"description": "d"}`, 204, "", "", true},
		{whole + "," + response("404", asJSON, "Code"), 404, asJSON, "", true},
		{response("200", asJSON, "Code") + "," + response("404", asJSON, "Base"), 404, asJSON, "", true},
		{response("200", asJSON, "Code") + "," + response("404", asJSON, "Base"), 500, asJSON, "", false},
		{response("200", asJSON, "Code") + "," + response("default", asJSON, "Base"), 500, asJSON, "", true},
	} {
		op := parseText(t, enveloped(tt.responses)).Operation("a")
		if got, isDeclared := op.envelopeIn(with(tt.status, tt.contentType), ReadJSON([]byte(tt.body))); got != tt.want || isDeclared && !got {
			t.Errorf("%s: %d %s %s: %t", tt.responses, tt.status, tt.contentType, tt.body, got)
		}
	}
}

// The operation that is held equal to the published text has it.
func TestDeletionHasTheEnvelope(t *testing.T) {
	t.Parallel()
	deletion := ours(t).Operation("deleteImagesTask")
	for _, status := range []int{200, 404, 500} {
		if has, isDeclared := deletion.envelopeIn(with(status, "application/json"), ReadJSON(nil)); !has || isDeclared != (status == 200) {
			t.Errorf("not in %d", status)
		}
	}
}

func TestCode(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"code":9999}`: "9999 true", `{"code":1000,"msg":null}`: "1000 true", `{"code":0}`: "0 true", `{"code":-1,"msg":{}}`: "-1 true",
		`{}`: "0 false", `[]`: "0 false", `{`: "0 false", `{"code":"9999"}`: "0 false", `{"code":1e3}`: "0 false", `{"code":null}`: "0 false",
		`{"code":1000,"code":9999}`: "0 false", `{"code":1000,"Code":9999}`: "0 false", `{"code":1000,"a":1,"a":2}`: "0 false",
	} {
		code, ok := ReadJSON([]byte(body)).code()
		if got := strings.TrimSpace(fmt.Sprint(code, ok)); got != want {
			t.Errorf("%s: %s, want %s", body, got, want)
		}
	}
}

// What the envelope says is not read where the contract has none, and no word of it
// is taken that could be read in two ways.
func TestVerdictOf(t *testing.T) {
	t.Parallel()
	const asJSON = "application/json"
	declared := response("200", asJSON, "Strict")
	bare, nullable := response("200", asJSON, "Bare"), response("200", asJSON, "Nullable")
	implied := declared + `,"202": {"description": "d", "content": {"text/plain": {}}}`
	other := response("200", asJSON, "Coupon")
	for _, tt := range []struct {
		responses string
		status    int
		body      string
		want      Verdict
		code      int
	}{
		{declared, 200, `{"code":1000,"msg":"OK"}`, Success, 0},
		{declared, 200, `{"code":1000}`, Success, 0},
		{declared, 200, `{"code":9999,"msg":"no"}`, Failure, 9999},
		{declared, 200, `{"code":0,"msg":""}`, Failure, 0},
		{declared, 200, `{"code":9999}`, BareFailure, 9999},
		{declared, 200, `{"code":9999,"msg":null}`, BareFailure, 9999},
		{declared, 200, `{"code":9999,"MSG":"no"}`, BareFailure, 9999},
		{bare, 200, `{"code":9999}`, Failure, 9999},
		{bare, 200, `{"code":9999,"msg":null}`, Failure, 9999},
		{bare, 200, `{"code":9999,"msg":7}`, BareFailure, 9999},
		{bare, 200, `{"code":9999,"MSG":"no"}`, BareFailure, 9999},
		{bare, 200, `{"code":1000}`, Success, 0},
		{nullable, 200, `{"code":9999,"msg":null}`, Failure, 9999},
		{nullable, 200, `{"code":9999}`, BareFailure, 9999},
		{declared, 200, `{"code":"9999","msg":"no"}`, NoCode, 0},
		{declared, 200, `{"code":9999,"code":1000,"msg":"no"}`, NoCode, 0},
		{declared, 200, `{"code":9999,"Code":1000,"msg":"no"}`, NoCode, 0},
		{declared, 200, `{`, NoCode, 0},
		{declared, 404, `{"msg":"no"}`, NoVerdict, 0},
		{declared, 404, `{"code":404,"msg":"no"}`, Failure, 404},
		{implied, 202, `{"code":9999,"msg":"no"}`, Failure, 9999},
		{implied, 202, `{"code":1000,"msg":"OK"}`, Success, 0},
		{implied, 202, `{"code":9999}`, NoVerdict, 0},
		{implied, 202, `no`, NoVerdict, 0},
		{other, 200, `{"code":9999,"msg":"no"}`, NoVerdict, 0},
		{other, 200, `{}`, NoVerdict, 0},
	} {
		contentType := asJSON
		if tt.status == 202 {
			contentType = "text/plain"
		}
		op := parseText(t, enveloped(tt.responses)).Operation("a")
		if got, code := op.VerdictOf(with(tt.status, contentType), ReadJSON([]byte(tt.body)), 1000); got != tt.want || code != tt.code {
			t.Errorf("%d %s: %d with code %d, want %d with %d; the contract is %s", tt.status, tt.body, got, code, tt.want, tt.code, tt.responses)
		}
	}
}
